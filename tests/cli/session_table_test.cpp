#include "cli/session_table.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using Lines = std::vector<std::string>;

TEST(Table, HasColumnsAsWideAsTheirWidestCell) {
  Table table({"PROFILE", "ROLE", "LEFT"});
  table.add({"p", "AdminRole", "1 h"});
  table.add({"äöü-session", "R", "expired"}, {"hint: renew it"});
  EXPECT_EQ(table.lines(80), (Lines{"PROFILE      ROLE       LEFT",     //
                                    "p            AdminRole  1 h",      //
                                    "äöü-session  R          expired",  //
                                    "  hint: renew it"}));
}

TEST(Table, BreaksTheLineBehindALongCellWhereTheRowsDoNotFit) {
  Table table({"PROFILE", "ROLE", "LEFT"});
  table.add({"a-profile-with-a-long-name", "AdminRole", "1 h"});
  table.add({"prod", "AdminRole", "59 min"});
  table.add({"prod", "a-role-with-a-long-name", "59 min"});
  EXPECT_EQ(table.lines(40), (Lines{"PROFILE       ROLE                LEFT",  //
                                    "a-profile-with-a-long-name",              //
                                    "              AdminRole           1 h",   //
                                    "prod          AdminRole           59 min",
                                    "prod          a-role-with-a-long-name",
                                    "                                  59 min"}));
}

TEST(Table, GivesWayNoMoreThanItMust) {
  Table table({"PROFILE", "LEFT"});
  table.add({std::string(30, 'p'), "1 h"});
  EXPECT_EQ(table.lines(36).size(), 2U);
  EXPECT_EQ(table.lines(35).size(), 3U);
}

}  // namespace
}  // namespace cli
