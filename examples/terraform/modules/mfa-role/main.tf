# What `aws-session-token policy user` and `policy role` print, for any account, group and role.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}"
}

# The user's own key may find the MFA device and the role, and assume the role.
resource "aws_iam_group_policy" "session_token" {
  name  = "session-token"
  group = var.group

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "FindOwnMfaDevice"
        Effect = "Allow"
        Action = "iam:ListMFADevices"
        Resource = [
          "${local.account}:user/$${aws:username}",
          "${local.account}:user/*/$${aws:username}"
        ]
      },
      {
        Sid    = "AssumeRole"
        Effect = "Allow"
        Action = [
          "iam:GetRole",
          "sts:AssumeRole"
        ]
        Resource = "${local.account}:role/${var.role}"
      }
    ]
  })
}

# The role trusts the account's users, and only with MFA.
resource "aws_iam_role" "this" {
  name                 = var.role
  max_session_duration = var.max_session_duration

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WithMfaOnly"
        Effect = "Allow"
        Principal = {
          AWS = "${local.account}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          Bool = {
            "aws:MultiFactorAuthPresent" = "true"
          }
        }
      }
    ]
  })
}
