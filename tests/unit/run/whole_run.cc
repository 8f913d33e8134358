#include "run/whole_run.h"

#include <sstream>
#include <variant>

#include <gtest/gtest.h>

#include "plan/command.h"
#include "plan/report.h"

namespace sz::run {
namespace {

class KeptLetters final : public DeadLetters {
 public:
  explicit KeptLetters(std::vector<WholeRun::Letter>& letters) : letters_(letters) {}
  void write(const Letter& letter) override {
    letters_.push_back(
        {letter.line.number, std::string(letter.stage), letter.kind, std::string(letter.line.text)});
  }
  void flush(Time) override {}
  void close() override {}
  bool broken() const override { return false; }

 private:
  std::vector<WholeRun::Letter>& letters_;
};

}  // namespace

WholeRun run_whole(const std::string& words, ScriptedHost& host) {
  WholeRun whole;
  std::istringstream in(words);
  std::vector<std::string> split{"--dlq", "kept"};
  for (std::string word; in >> word;) split.push_back(word);
  const auto command = plan::parse_command(split);
  if (!command) {
    ADD_FAILURE() << plan::report(command.error(), split);
    return whole;
  }
  const auto& invocation = std::get<plan::Invocation>(*command);
  const auto options = Options::of(invocation);
  EXPECT_TRUE(options);
  auto pipeline = Pipeline::build(invocation, *options);
  if (!pipeline) {
    ADD_FAILURE() << plan::report(pipeline.error(), split);
    return whole;
  }
  EXPECT_TRUE(pipeline->open(host));
  KeptLetters letters(whole.letters);
  whole.report = pipeline->run(host, letters, [&whole](std::string_view line) { whole.said += line; });
  return whole;
}

}  // namespace sz::run
