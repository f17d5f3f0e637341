#pragma once

#include "aws/model/credentials.h"
#include "base/http_message.h"

#include <optional>
#include <string>
#include <string_view>

// Signing in to the web console with a role session (IAM User Guide, "Enable custom identity broker
// access to the AWS console").
namespace aws {

// Where the console of a partition is signed in to: its regional host in "aws" where a region is
// given, as the console itself has it. Throws Error{failed} for a partition whose hosts are not
// known.
std::string signin_origin(std::string_view partition, std::string_view region);

// An origin given by URL, with or without the path /federation: https, or http on loopback. Throws
// Error{usage}.
std::string custom_signin_origin(std::string_view url);

// The page to open: the console's home where nothing is wanted, a service by its name in the URLs
// of the console ("ec2", "s3"), or a whole URL, which must be https and on the partition's own
// console hosts: whoever is sent elsewhere is told nothing, but believes it. Throws Error{usage}.
std::string console_url(std::string_view partition, std::string_view region,
                        std::string_view wanted);

// Asks for a token. By POST, so that the session stands in no URL. The duration, 15 minutes to 12
// hours, only for a session that was not assumed with temporary credentials: AWS refuses it else.
base::HttpRequest signin_token_request(const std::string& origin, const Credentials& credentials,
                                       std::optional<base::Seconds> duration);

// The token of the answer. Throws Error{refused} for a refusal by AWS, Error{failed} for any other
// answer.
base::WipedString parse_signin_token(const base::HttpResponse& response);

// Who opens it within 15 minutes is signed in: it is a secret.
base::WipedString login_url(std::string_view origin, std::string_view destination,
                            std::string_view token);

// A page that leads a browser there, and says no other site where it came from.
base::WipedString redirecting_page(std::string_view url);

}  // namespace aws
