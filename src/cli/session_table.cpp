#include "cli/session_table.h"

#include "aws/model/arn.h"
#include "aws/model/lookalike.h"

#include <algorithm>
#include <fmt/core.h>

namespace cli {
namespace {

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

}  // namespace

void Table::add(std::vector<std::string> row) {
  for (std::size_t i = 0; i + 1 < row.size(); ++i) row[i] = aws::shown(row[i]);
  rows_.push_back(std::move(row));
}

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::vector<std::string> result;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - columns_of(row[i]) + 2, ' ');
    }
    result.push_back(std::move(line));
  }
  return result;
}

std::string readable(base::Time time) {
  const std::string text = base::format_rfc3339(time);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 8));
}

std::string account_of(const std::string& role_arn) {
  const auto arn = aws::parse_arn(role_arn);
  return arn ? arn->account : "-";
}

std::string role_of(const std::string& role_arn) {
  const auto arn = aws::parse_arn(role_arn);
  return arn ? arn->resource.substr(arn->resource.find('/') + 1) : "-";
}

}  // namespace cli
