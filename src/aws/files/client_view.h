#pragma once

#include "aws/files/profile.h"

#include <string>
#include <vector>

namespace aws {

// What one kind of client takes for a profile that it is told to use, by its own rules.
struct ClientView {
  std::string client;
  std::string takes;  // "the session", "the role ARN"; empty: it fails
  std::string why;    // where it fails or the reason is not plain; empty otherwise
};

// Terraform, the AWS CLI with boto3, and the SDK for JavaScript. Found by experiment: these three
// stand for the rules that are in use; where the profile has but one kind of credentials they
// agree. No variable of the environment is looked at.
std::vector<ClientView> client_views(const SharedConfig& shared, const std::string& profile);

}  // namespace aws
