terraform {
  backend "s3" {
    bucket         = "example-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-west-1"
    encrypt        = true
    dynamodb_table = "terraform-locks"
    profile        = "session_token"
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region  = "eu-west-1"
  profile = "session_token"
}

# Roles of other accounts, by the names that your AWS config file has for them.
provider "aws" {
  alias   = "staging"
  region  = "eu-west-1"
  profile = "staging"
}

provider "aws" {
  alias   = "prod"
  region  = "eu-west-1"
  profile = "prod"
}

resource "aws_ssm_parameter" "here" {
  name  = "/example/owner"
  type  = "String"
  value = "network"
}

resource "aws_ssm_parameter" "staging" {
  provider = aws.staging

  name  = "/example/owner"
  type  = "String"
  value = "network"
}

resource "aws_ssm_parameter" "prod" {
  provider = aws.prod

  name  = "/example/owner"
  type  = "String"
  value = "network"
}
