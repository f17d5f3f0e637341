#include "app/client/mfa_devices.h"

#include "base/error.h"

namespace app {

std::variant<std::vector<aws::iam::MfaDevice>, aws::ApiError> list_mfa_devices(
    const std::string& user_name, const aws::RequestFacts& facts, const Ask& ask) {
  constexpr int max_pages = 20;  // a user has at most eight devices
  std::vector<aws::iam::MfaDevice> devices;
  std::string marker;
  for (int page = 0; page < max_pages; ++page) {
    Answer answer = ask(aws::iam::list_mfa_devices(user_name, marker));
    const auto* refusal = std::get_if<aws::ApiError>(&answer);
    if (refusal != nullptr && aws::is_access_denied(*refusal)) return *refusal;
    base::WipedString body = require(std::move(answer), facts);
    aws::iam::MfaDevicePage found = aws::iam::parse_list_mfa_devices(body);
    for (auto& device : found.devices) devices.push_back(std::move(device));
    if (found.marker.empty()) return devices;
    marker = std::move(found.marker);
  }
  throw base::Error(base::ErrorKind::failed, "the list of MFA devices from AWS does not end",
                    {"check that the endpoint is AWS's, or give the device with --serial-number"});
}

}  // namespace app
