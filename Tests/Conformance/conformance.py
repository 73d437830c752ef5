#!/usr/bin/env python3
"""Drives a running server with the AWS SDK for Python and judges it by botocore's model.

    conformance.py [--endpoint URL] [--region NAME] [--only TEXT] [--program LARDER]
                   [--table FILE [--readme FILE]]

Needs boto3, and the AWS CLI as `aws`. What cannot be tried on the server in question, such as
damage, small quotas and throttling, is tried on others that are started with --program; without
it those checks are skipped. --table holds a page like TABLE.md against what the run proved. The
credentials and, unless given, the endpoint and region come from the environment that `larder env`
prints. LARDER_SEED repeats a run of random parameters that failed. Ends with "N passed, N failed";
the exit code is 0 when all passed.
"""

import argparse
import os
import pathlib
import sys

import harness
from world import World

# Each registers its checks; the last one looks at what all the others received.
import domains
import repositories
import packages
import formats
import generic
import versions
import machine
import copies
import groups
import origins
import tags
import law
import policies
import signatures
import sockets
import identities
import limits
import successes
import errors
import pagers
import cli
import hostile
import strangers
import excess
import failures
import again
import fuzz
import operations

__all__ = ["domains", "repositories", "packages", "formats", "generic", "versions", "machine",
           "copies", "groups", "origins", "tags", "law", "policies", "signatures", "sockets",
           "identities", "limits", "successes", "errors", "pagers", "cli", "hostile", "strangers",
           "excess", "failures", "again", "fuzz", "operations"]


def main():
    environment = os.environ.get
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", default=environment("AWS_ENDPOINT_URL_CODEARTIFACT"))
    parser.add_argument("--region", default=environment("AWS_DEFAULT_REGION", "us-east-1"))
    parser.add_argument("--only", help="run only checks with this in `file: sentence`")
    parser.add_argument("--program", help="the larder to start servers of its own with")
    parser.add_argument("--table", type=pathlib.Path, help="the page to hold against the run")
    parser.add_argument("--readme", type=pathlib.Path, help="a page that has the table's summary")
    options = parser.parse_args()
    access_key = environment("AWS_ACCESS_KEY_ID")
    secret_key = environment("AWS_SECRET_ACCESS_KEY")
    if not (options.endpoint and access_key and secret_key):
        parser.error("run eval \"$(larder env --data DIR)\" first, or set the variables it prints")
    # A session token of another account would be sent along with the server's own key.
    os.environ.pop("AWS_SESSION_TOKEN", None)
    world = World(options.endpoint, access_key, secret_key, options.region, options.program)
    return harness.run(world, options.only, options.table, options.readme)


if __name__ == "__main__":
    sys.exit(main())
