#pragma once

#include "aws/files/shared_file.h"

#include <string_view>
#include <vector>

namespace aws {

// What a line of a shared file does to those who read it.
enum class Harm {
  differs,  // the clients read this line differently
  spreads,  // the AWS CLI and boto3 read it into every profile
  refused,  // the AWS CLI and boto3 refuse the whole file
};

struct FileProblem {
  std::size_t line;  // from 1
  Harm harm;
  std::string_view what;  // says the harm; never names a value
};

// The places that at least one of the real clients refuses or reads otherwise than the rest, in the
// order of their lines. `Harm::refused` follows Python's configparser (3.11) and botocore's own
// rules for nested lines, in a UTF-8 locale; keys that differ in the case of letters beyond ASCII
// are not seen to be the same.
std::vector<FileProblem> problems(const SharedFile& file, FileKind kind);

}  // namespace aws
