#include "cli/session_table.h"

#include "aws/model/arn.h"
#include "aws/model/lookalike.h"

#include <algorithm>
#include <numeric>

namespace cli {
namespace {

constexpr std::size_t gap = 2;         // between columns
constexpr std::size_t min_width = 12;  // of a column that had to give way

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

}  // namespace

// What may come from anywhere is made fit to be seen; the last cell, which may hold colours, was.
void Table::add(std::vector<std::string> cells, std::vector<std::string> below) {
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) cells[i] = aws::shown(cells[i]);
  for (std::string& line : below) line = aws::shown(line);
  rows_.push_back({std::move(cells), std::move(below)});
}

// Where they do not fit, the widest gives way, and the next widest; the last stays as it is.
std::vector<std::size_t> Table::widths(std::size_t columns) const {
  std::vector<std::size_t> result(rows_.front().cells.size());
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      result[i] = std::max(result[i], columns_of(row.cells[i]));
    }
  }
  const auto last = result.end() - 1;
  for (;;) {
    const std::size_t whole =
        std::accumulate(result.begin(), result.end(), gap * (result.size() - 1));
    const auto widest = std::max_element(result.begin(), last);
    if (whole <= columns || widest == last || *widest <= min_width) return result;
    *widest = std::max(min_width, *widest - std::min(*widest, whole - columns));
  }
}

std::vector<std::string> Table::lines(std::size_t columns) const {
  const std::vector<std::size_t> wide = widths(columns);
  std::vector<std::string> result;
  for (const Row& row : rows_) {
    std::string line;
    std::size_t begin = 0;  // of the cell's column
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::size_t used = columns_of(line);
      if (begin > 0 && used + gap > begin) {
        result.push_back(std::move(line));
        line.assign(begin, ' ');
      } else {
        line.append(begin - used, ' ');
      }
      line += row.cells[i];
      begin += wide[i] + gap;
    }
    result.push_back(std::move(line));
    for (const std::string& text : row.below) result.push_back("  " + text);
  }
  return result;
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
