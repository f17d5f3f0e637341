#pragma once

#include <string>
#include <vector>

namespace cli {

// Text in columns, each as wide as its widest cell; UTF-8 without wide characters. Nothing is ever
// cut off: where a row would be wider than the terminal, the line is broken behind its longest
// cells. The last column may hold colors; the texts of the others may come from anywhere and are
// made safe to show.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back({std::move(header), {}}); }
  // `below` are lines that belong to the row, and stand indented under it.
  void add(std::vector<std::string> cells, std::vector<std::string> below = {});
  std::vector<std::string> lines(std::size_t columns) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> below;
  };

  std::vector<std::size_t> widths(std::size_t columns) const;

  std::vector<Row> rows_;
};

// The account and the path and name of a role's ARN; "-" for none.
std::string account_of(const std::string& role_arn);
std::string role_of(const std::string& role_arn);

}  // namespace cli
