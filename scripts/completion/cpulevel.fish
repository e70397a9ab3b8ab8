# SPDX-License-Identifier: MIT
# Completion of cpulevel in fish.  The program itself knows the words.

function __cpulevel_complete
    set -l before (commandline -opc)
    set -l last (commandline -ct)
    set -l said ($before[1] complete $before[2..-1] "$last" 2>/dev/null)
    set -l result $status
    string join \n -- $said
    if test $result -eq 1
        __fish_complete_path "$last"
    end
end

complete -c cpulevel -f -a '(__cpulevel_complete)'
