#pragma once

#include "base/secret.h"

#include <string_view>

namespace aws {

// Overwrites in a shared file's bytes, in place, whatever is not known to be public: the values of
// all keys but those that this program reads and that hold no secret, comments, and lines that are
// not `key = value`. A letter, digit, "/" or "+", which is what keys of AWS consist of, becomes an
// "x"; everything else stays, so sections, names, lines and the presence of a value are the same,
// and so are the file's problems. The result is for looking things up, never for writing.
base::WipedString without_secrets(base::WipedString bytes);

// Whether a credential_process runs this program, or one with a command of the same name: it gives
// sessions, and its arguments hold no secret.
bool is_link(std::string_view credential_process);

}  // namespace aws
