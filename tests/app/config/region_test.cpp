#include "app/config/region.h"

#include "support/doors.h"

#include <gtest/gtest.h>

namespace app {
namespace {

// Every place names a region of its own; they are taken away one after the other.
TEST(Regions, AreFoundInTheOrderThatTheirUseWants) {
  const aws::SharedConfig shared{
      aws::SharedFile(base::WipedString("[profile target]\nregion = profile\n"
                                        "[profile key]\nregion = source\n[profile empty]\n")),
      aws::SharedFile()};
  support::FakeEnvironment environment;
  environment.variables = {{"AWS_REGION", "variable"}, {"AWS_DEFAULT_REGION", "older"}};
  Regions::Named named{"option", "setting", "key"};
  const auto all = [&](const std::string& profile) {
    const Regions regions(shared, environment, named);
    return std::vector<std::string>{
        regions.for_requests(profile), regions.for_output(profile), regions.for_helper(profile),
        regions.for_command(profile, false), regions.for_command(profile, true)};
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(all("target"), (Names{"option", "option", "option", "option", "option"}));
  named.option.clear();
  EXPECT_EQ(all("target"), (Names{"variable", "profile", "profile", "", ""}));
  EXPECT_EQ(all("empty"), (Names{"variable", "variable", "variable", "", ""}));
  environment.variables.erase("AWS_REGION");
  EXPECT_EQ(all(""), (Names{"older", "older", "older", "", ""}));
  environment.variables.clear();
  EXPECT_EQ(all("target"), (Names{"profile", "profile", "profile", "", "profile"}));
  EXPECT_EQ(all(""), (Names{"setting", "setting", "setting", "", "setting"}));
  named.setting.clear();
  EXPECT_EQ(all(""), (Names{"source", "", "source", "", ""}));
}

}  // namespace
}  // namespace app
