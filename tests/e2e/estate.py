"""An estate of many accounts, as people have who put a whole organization into one configuration."""

import json

HOME_ACCOUNT = "123456789012"


def account_id(number):
    return f"{111111111100 + number}"


def trust(account=HOME_ACCOUNT, mfa=True):
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "sts:AssumeRole",
    }
    if mfa:
        statement["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def world(roles, refused=()):
    """A world with one role Deploy in each of so many accounts; those numbered in `refused` trust
    somebody else."""
    may_assume = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["sts:AssumeRole", "iam:GetRole"], "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:ListMFADevices", "Resource": "*"},
        ],
    }
    accounts = [
        {
            "account": HOME_ACCOUNT,
            "users": [
                {"name": "jsmith", "mfa_devices": [{"name": "jsmith"}], "policies": [may_assume]}
            ],
            "roles": [{"name": "AdminRole", "trust": trust()}],
        }
    ]
    for number in range(roles):
        stranger = "999999999999"
        who = stranger if number in refused else HOME_ACCOUNT
        accounts.append(
            {"account": account_id(number), "roles": [{"name": "Deploy", "trust": trust(who)}]}
        )
    return json.dumps({"accounts": accounts})


def config(roles):
    """The shared config file with a profile for each of them: team00, team01, ..."""
    return "".join(
        f"[profile team{number:02}]\n"
        f"role_arn = arn:aws:iam::{account_id(number)}:role/Deploy\n"
        "source_profile = default\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n\n"
        for number in range(roles)
    )
