#pragma once

#include "base/time.h"

#include <string>
#include <vector>

namespace cli {

// Text in columns, each as wide as its widest cell; UTF-8 without wide characters. The last column
// is not padded, and may hold colours; the texts of the others may come from anywhere: they are
// made fit to be seen.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void add(std::vector<std::string> row);
  std::vector<std::string> lines() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string readable(base::Time time);  // 2026-11-22 18:20:00 UTC
// The account and the path and name of a role's ARN; "-" for none.
std::string account_of(const std::string& role_arn);
std::string role_of(const std::string& role_arn);

}  // namespace cli
