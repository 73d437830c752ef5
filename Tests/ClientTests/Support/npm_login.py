# Types a name and a password into `npm login`, which asks for them on a terminal only:
# `npm_login.py TYPE`. Prints what npm said and ends as npm did.
import os, pty, sys

child, terminal = pty.fork()
if child == 0:
    os.execvp("npm", ["npm", "login", "--auth-type=" + sys.argv[1]])
said, answers = "", {"Username:": b"somebody\n", "Password:": b"a-password\n"}
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # the other side is closed
        break
    if not part:
        break
    said += part.decode(errors="replace")
    for prompt in [prompt for prompt in answers if prompt in said]:
        os.write(terminal, answers.pop(prompt))
print(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
