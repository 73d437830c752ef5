"""Runs commands of the AWS CLI, one line of JSON each, without starting Python for each.

Every command runs in a process of its own, forked from this one when the CLI's modules and the
model of the service are loaded, and enters the CLI where the script `aws` does.
"""

import json
import os
import sys
import tempfile


def answer(driver, words):
    """Runs one command; returns its exit code and what it said."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            status = 70
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                status = driver.main(words)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status or 0)
        _, status = os.waitpid(child, 0)
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode())
        return dict(status=os.waitstatus_to_exitcode(status), output=texts[0], errors=texts[1])


def main():
    from awscli.clidriver import create_clidriver
    driver = create_clidriver()
    driver.session.get_service_model("codeartifact")
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(driver, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
