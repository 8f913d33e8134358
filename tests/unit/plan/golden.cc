#include "plan/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace sz::plan {

std::size_t check_golden(std::string_view file, const std::function<std::string(std::string_view)>& answer) {
  const std::filesystem::path path = std::filesystem::path(__FILE__).parent_path() / file;
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  constexpr std::string_view prompt = "$ sz";
  std::size_t cases = 0;
  std::string refilled, line, command, expected;
  const auto finish = [&] {
    if (command.empty()) return;
    const std::string got = answer(std::string_view(command).substr(prompt.size()));
    EXPECT_EQ(expected, got) << path.filename().string() << ": " << command;
    refilled += command + "\n" + got + "\n";
    command.clear();
    expected.clear();
    ++cases;
  };
  while (std::getline(in, line)) {
    if (line.starts_with(prompt)) {
      finish();
      command = line;
    } else if (line.starts_with("# ")) {
      finish();
      refilled += line + "\n\n";
    } else if (line.empty()) {
      finish();
    } else if (!command.empty()) {
      expected += line + "\n";
    }
  }
  finish();
  if (std::getenv("SZ_REFILL") != nullptr) std::ofstream(path) << refilled.substr(0, refilled.size() - 1);
  return cases;
}

}  // namespace sz::plan
