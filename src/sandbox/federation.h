#pragma once

#include "base/http_message.h"
#include "base/time.h"
#include "os/random.h"
#include "sandbox/parameters.h"
#include "sandbox/world.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sandbox {

// The sign-in endpoint for the web console, which real AWS has at https://signin.aws.amazon.com.
// Source: IAM User Guide, "Enable custom identity broker access to the AWS console". Not
// thread-safe.
class Federation {
 public:
  static constexpr std::string_view path = "/federation";
  // The names of its operations, for faults.
  static constexpr std::string_view get_signin_token = "getSigninToken";
  static constexpr std::string_view login = "login";

  // `random` must outlive it.
  explicit Federation(os::Random& random) : random_(random) {}

  // A request to `path`: parameters of the query, and with POST of the body too, which wins.
  static bool is_addressed(const base::HttpRequest& request);
  static Parameters parameters_of(const base::HttpRequest& request);

  base::HttpResponse handle(const World& world, const Parameters& parameters, base::Time now);

  // A refusal looks like a web server's own page, not like an answer of AWS's APIs.
  static base::HttpResponse refusal(int status, std::string_view message);

 private:
  base::HttpResponse make_token(const World& world, const Parameters& parameters, base::Time now);
  base::HttpResponse sign_in(const Parameters& parameters, base::Time now);

  os::Random& random_;
  std::map<std::string, base::Time, std::less<>> tokens_;  // until when; used ones are removed
};

}  // namespace sandbox
