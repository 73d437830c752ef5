"""A larder with a domain, as a newcomer makes it through the API."""

import base64
import json
import os
import subprocess
import urllib.parse

import boto3

DOMAIN = "acme"


class House:
    """Runs a server on a fresh store; ends when the stack does."""

    def __init__(self, stack, program, folder, external=()):
        self.folder = folder
        flags = [word for pair in external for word in ("--external", "=".join(pair))]
        self.process = subprocess.Popen(
            [program, "serve", "--data", folder, "--listen", "127.0.0.1:0"]
            + ["--log-level", "warning", "--freshness", "86400"]
            + flags,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stack.callback(self.stop)
        for line in self.process.stdout:
            if line.startswith("larder: listening on "):
                break
        with open(os.path.join(folder, "credentials.json")) as file:
            keys = json.load(file)
        endpoint = keys["endpoint"]
        self.port = urllib.parse.urlparse(endpoint).port
        self.client = boto3.client(
            "codeartifact",
            endpoint_url=endpoint,
            aws_access_key_id=keys["accessKeyID"],
            aws_secret_access_key=keys["secretAccessKey"],
            region_name=keys.get("region", "us-east-1"),
        )
        self.client.create_domain(domain=DOMAIN)
        self.token = self.client.get_authorization_token(domain=DOMAIN)["authorizationToken"]

    def repository(self, name, upstream=None, connection=None):
        upstreams = [{"repositoryName": upstream}] if upstream else []
        self.client.create_repository(domain=DOMAIN, repository=name, upstreams=upstreams)
        if connection:
            self.client.associate_external_connection(
                domain=DOMAIN, repository=name, externalConnection=connection
            )

    def detach(self, name):
        """Takes the repository's upstreams away."""
        self.client.update_repository(domain=DOMAIN, repository=name, upstreams=[])

    def endpoint(self, repository, format, port=None):
        """The repository's address, by the server's own port or another that leads to it."""
        text = self.client.get_repository_endpoint(
            domain=DOMAIN, repository=repository, format=format
        )["repositoryEndpoint"]
        return text.replace(f":{self.port}/", f":{port or self.port}/")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


def with_token(address, token):
    """The address with the token as its password."""
    parts = urllib.parse.urlsplit(address)
    return parts._replace(netloc=f"aws:{token}@{parts.netloc}").geturl()


def basic(token):
    return base64.b64encode(f"aws:{token}".encode()).decode()
