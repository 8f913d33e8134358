#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "plan/registry.h"
#include "plan/shell_words.h"
#include "stages/driver.h"

namespace sz::stages_test {
namespace {

// The planner keeps what reads the clock out of the pool under --time.
TEST(Stage, KnowsWhetherItReadsTheClock) {
  for (const char* words : {"filter now", "map '{now: now}'", "flatten '[now]'"})
    EXPECT_TRUE(drive(words)->stage(0).reads_clock()) << words;
  for (const char* words : {"filter .now", "map '{now: 1}'", "flatten .a", "flatten"})
    EXPECT_FALSE(drive(words)->stage(0).reads_clock()) << words;
}

/// No file can be opened.
class NoFiles final : public SideFiles {
 public:
  std::expected<SideFile*, SystemError> open(const std::string& path, bool) override {
    return std::unexpected(SystemError{"cannot open " + path});
  }
  std::expected<SideTree*, SystemError> open_tree(const std::string& directory, bool,
                                                  std::uint64_t) override {
    return std::unexpected(SystemError{"cannot write in " + directory});
  }
  SideFile* standard_error() override { return nullptr; }
};

/// What `stage` says when the file that it is given as `option` cannot be opened.
std::string said_at_opening(std::string_view stage_name, std::string_view option, std::string_view file) {
  const Declaration* const declaration = plan::find_stage(stage_name);
  EXPECT_NE(nullptr, declaration);
  Arguments arguments;
  arguments.set(option, std::string(file), 1);
  const auto stage = declaration->build(arguments, {});
  EXPECT_TRUE(stage);
  NoFiles files;
  const auto opened = (*stage)->open(files);
  return opened ? "" : opened.error().message;
}

TEST(Stage, SaysWhatCannotBeOpened) {
  EXPECT_EQ("cannot open no/such", said_at_opening("tap", "--to", "no/such"));
  EXPECT_EQ("cannot open no/such", said_at_opening("write", "PATTERN", "no/such"));
  EXPECT_EQ("cannot write in no/such", said_at_opening("write", "PATTERN", "no/such/{.a}"));
}

// Copies of a stage, as the pool makes them, share nothing.
TEST(Stage, IsBuiltAnewEachTime) {
  const auto one = drive("dedupe"), other = drive("dedupe");
  one->push("1");
  other->push("1");
  EXPECT_EQ(1u, one->take_out().size());
  EXPECT_EQ(1u, other->take_out().size());
}

// Whatever a stage holds it owns: the bytes it was lent are gone (see Driver), the values stay.
TEST(Stage, OwnsWhatItHolds) {
  for (const char* words : {"batch --size 9 then flatten", "take --last 9", "dedupe --keep last",
                            "throttle --rate 1/s --burst 1"}) {
    const auto driver = drive(words);
    std::vector<std::string> in;
    for (int i = 0; i < 9; ++i) {
      in.push_back(std::string(40, 'x').insert(0, "{\"a\":\"").append("\",\"n\":" + std::to_string(i) + "}"));
      driver->push(in.back());
    }
    driver->end();
    EXPECT_EQ(in, driver->take_out()) << words;
  }
}

// A long run leaves nothing behind: what is held stays within what is open.
TEST(Stage, HoldsWhatIsOpenAndNoMore) {
  struct Case {
    const char* words;
    std::size_t most;
  };
  for (const auto& [words, most] :
       {Case{"batch --size 3 --by '. % 7'", 14}, Case{"dedupe --keep last --by '. % 7'", 7},
        Case{"take --last 5", 5}, Case{"skip --last 5", 5},
        Case{"dedupe --keep last --by '. % 50' --max-keys 6", 6},
        Case{"batch --size 2 --by . --max-keys 6", 6}}) {
    const auto driver = drive(words);
    for (int i = 0; i < 2000; ++i) {
      driver->push(std::to_string(i));
      ASSERT_LE(driver->held(), most) << words;
    }
  }
}

}  // namespace
}  // namespace sz::stages_test
