#!/bin/sh
exec qemu-system-x86_64 -enable-kvm -m 4G -smp 2 \
    -cpu "IvyBridge,vendor=GenuineIntel,-vme,+arat,pcid=off,host-phys-bits=off,phys-bits=36,enforce" \
    -nographic
