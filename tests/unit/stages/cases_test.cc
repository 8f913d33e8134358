#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "stages/transcript.h"

namespace sz::stages_test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> tables() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(fs::path(__FILE__).parent_path() / "cases"))
    if (entry.path().extension() == ".txt") all.push_back(entry.path());
  std::ranges::sort(all);
  return all;
}

/// Blocks parted by blank lines.
std::vector<std::string> blocks(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> all(1);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty())
      all.back() += line + '\n';
    else if (!all.back().empty())
      all.emplace_back();
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

class Cases : public testing::TestWithParam<fs::path> {};

// With SZ_REFILL=1 in the environment the tables are written anew, for a person to review as a diff.
TEST_P(Cases, GoAsWritten) {
  const std::vector<std::string> all = blocks(GetParam());
  EXPECT_FALSE(all.empty());
  std::string refilled;
  for (const std::string& written : all) {
    const std::string went = play(written);
    if (written != went)
      ADD_FAILURE() << GetParam().filename().string() << ", as written:\n"
                    << written << "as it went:\n"
                    << went;
    refilled += (refilled.empty() ? "" : "\n") + went;
  }
  if (std::getenv("SZ_REFILL") != nullptr) std::ofstream(GetParam()) << refilled;
}

INSTANTIATE_TEST_SUITE_P(Stages, Cases, testing::ValuesIn(tables()),
                         [](const auto& table) { return table.param.stem().string(); });

}  // namespace
}  // namespace sz::stages_test
