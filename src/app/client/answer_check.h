#pragma once

#include "aws/api/sts.h"
#include "aws/model/arn.h"
#include "aws/model/credentials.h"
#include "base/time.h"

#include <string>

// An answer must be what was asked for, or nothing is made of it: an endpoint that is not AWS's, or
// a proxy that mixes answers up, must not make the user somebody else. All throw Error{failed}.
namespace app {

// The partition, account, role and session name of AssumeRole's answer.
void require_asked_role(const aws::sts::AssumeRole& asked, const std::string& answered_arn);

// Whom GetCallerIdentity knows by an MFA session: the user and, where the serial number of his
// device tells it, its partition and account.
void require_asked_user(const std::string& user_name, const std::string& serial_number,
                        const aws::Arn& answered);

// The role of GetRole's answer, which was asked for by its name alone.
void require_named_role(const std::string& name, const aws::Arn& own_account,
                        const std::string& answered_arn);

// Credentials must be valid at `now`, by AWS's clock, and end when credentials of STS can end.
void require_valid_expiration(const aws::Credentials& credentials, base::Time now);

}  // namespace app
