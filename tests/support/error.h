#pragma once

#include "base/error.h"

#include <string>

namespace support {

// A caught error in one piece, as main would print it: kind (its exit code), sentence, hints.
inline std::string text_of(const base::Error& error) {
  std::string text = std::to_string(static_cast<int>(error.kind())) + " " + error.what();
  for (const std::string& hint : error.hints()) text += "\nhint: " + hint;
  return text;
}

// The error that `action` throws, whole; or "interrupted", or "nothing was thrown".
template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return text_of(error);
  } catch (const base::Interrupted&) {
    return "interrupted";
  }
  return "nothing was thrown";
}

}  // namespace support
