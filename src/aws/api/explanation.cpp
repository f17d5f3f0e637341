#include "aws/api/explanation.h"

#include "aws/api/error_table.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <string_view>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

// AWS's own wording as part of a sentence of ours: without the stop and blanks at its end, and
// without the values that a ValidationError repeats, for they may be a code.
std::string tidy(std::string_view message) {
  constexpr std::string_view open = "Value '";
  constexpr std::string_view close = "' at '";
  message = base::trim(message);
  while (message.ends_with('.')) message.remove_suffix(1);
  std::string text;
  for (std::size_t at = message.find(open); at != std::string_view::npos; at = message.find(open)) {
    const std::size_t end = message.find(close, at + open.size());
    text.append(message.substr(0, at)).append("Value '...");
    message.remove_prefix(std::min(end, message.size()));
  }
  return base::printable(text.append(message));
}

Error unknown(const ApiError& error, const RequestFacts& facts) {
  if (error.code.empty()) {
    return {
        ErrorKind::failed,
        fmt::format("the answer to {} is not from AWS (HTTP {})", facts.operation, error.status),
        {"check --endpoint-url and the proxy (HTTPS_PROXY)"}};
  }
  if (error.status >= 500) {
    return {ErrorKind::failed,
            fmt::format("AWS failed to answer {} ({}, HTTP {})", facts.operation, error.code,
                        error.status),
            {"this is a fault of AWS; try again in a minute"}};
  }
  const std::string said = tidy(error.message);
  return {ErrorKind::refused, fmt::format("AWS refused {}{}{} ({})", facts.operation,
                                          said.empty() ? "" : ": ", said, error.code)};
}

}  // namespace

Error explain(const ApiError& error, const RequestFacts& facts) {
  const Refusal refusal{error, facts};
  for (const ErrorEntry& entry : error_table()) {
    const bool applies =
        entry.code == error.code && error.message.find(entry.message_part) != std::string::npos;
    if (!applies) continue;
    return {entry.kind,
            fmt::format("{} ({} on {})", entry.what(refusal), error.code, facts.operation),
            entry.hints(refusal)};
  }
  return unknown(error, facts);
}

}  // namespace aws
