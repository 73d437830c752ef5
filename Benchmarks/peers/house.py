"""A larder as it is meant to be run: a token, policies, encryption and the trail, all on."""

import base64
import json
import os
from urllib.parse import quote

import client
from processes import Processes

READY = "larder: listening on "
DOMAIN, REPOSITORY = "bench", "files"
# Nothing of the outside is asked for, unless a measure has an outside of its own.
NOWHERE = "http://127.0.0.1:9/simple/"


class House:
    def __init__(self, options, data, stack, index=NOWHERE, connection="public:pypi"):
        self.program = os.path.join(options.binaries, "larder")
        self.data, self.stack = data, stack
        self.external = f"{connection}={index}"
        self.processes = self.base = self.credentials = self.token = None
        self.start()

    def start(self):
        """Starts the server, once more after `processes.stop()` or `processes.kill()`."""
        self.processes = Processes(self.stack)
        command = [self.program, "serve", "--data", self.data, "--listen", "127.0.0.1:0"]
        command += ["--log-level", "warning", "--external", self.external]
        self.base = self.processes.start(command, ready=READY).split()[-1]
        with open(os.path.join(self.data, "credentials.json")) as file:
            self.credentials = json.load(file)

    def call(self, method, target, content=None):
        return client.signed(self.base, self.credentials, method, target, content)

    def furnish(self, connection=None):
        """Makes a domain and a repository, with policies that have a say in every read."""
        self.call("POST", f"/v1/domain?domain={DOMAIN}")
        self.call("POST", f"/v1/repository?domain={DOMAIN}&repository={REPOSITORY}")
        where = f"domain={DOMAIN}&repository={REPOSITORY}"
        if connection:
            name = quote(connection, safe="")
            self.call("POST", f"/v1/repository/external-connection?domain={DOMAIN}"
                      f"&external-connection={name}&repository={REPOSITORY}")
        self.call("PUT", "/v1/domain/permissions/policy",
                  {"domain": DOMAIN, "policyDocument": self.policy("GetAuthorizationToken")})
        self.call("PUT", f"/v1/repository/permissions/policy?{where}",
                  {"policyDocument": self.policy("ReadFromRepository")})
        self.log_in()
        return self

    def log_in(self):
        answer = self.call("POST", f"/v1/authorization-token?domain={DOMAIN}")
        self.token = answer["authorizationToken"]

    def policy(self, action):
        """What an operator writes who lets one account in and keeps one user out."""
        account = self.credentials["account"]
        statement = lambda effect, who: {  # noqa: E731
            "Effect": effect, "Principal": {"AWS": f"arn:aws:iam::{account}:{who}"},
            "Action": f"codeartifact:{action}", "Resource": "*",
        }
        statements = [statement("Allow", "root"), statement("Deny", "user/nobody")]
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    def endpoint(self, format):
        where = f"domain={DOMAIN}&format={format}&repository={REPOSITORY}"
        return self.call("GET", f"/v1/repository/endpoint?{where}")["repositoryEndpoint"]

    @property
    def authorization(self):
        """The header's value that package managers send."""
        return "Basic " + base64.b64encode(f"aws:{self.token}".encode()).decode()

