#include "aws/output/process_output.h"

#include "base/json.h"

namespace aws {

base::WipedString process_output(const Credentials& credentials, base::Time expiration) {
  base::JsonWriter json;
  json.reserve(256 + credentials.session_token.reveal().size());
  json.open_object()
      .key("Version")
      .number(1)
      .member("AccessKeyId", credentials.access_key_id)
      .member("SecretAccessKey", credentials.secret_access_key.reveal())
      .member("SessionToken", credentials.session_token.reveal())
      .member("Expiration", base::format_rfc3339(expiration))
      .close();
  return json.take() + "\n";
}

std::optional<ProcessOutput> parse_process_output(std::string_view output) {
  const auto id = base::json_text(output, "AccessKeyId");
  const auto secret = base::json_text(output, "SecretAccessKey");
  if (!id || !secret || id->empty() || secret->empty()) return std::nullopt;
  const auto token = base::json_text(output, "SessionToken");
  return ProcessOutput{{std::string(*id), base::Secret(*secret)}, token && !token->empty()};
}

}  // namespace aws
