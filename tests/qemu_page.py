def made(q): return ""
