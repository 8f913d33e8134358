#include "run/whole_run.h"

#include <algorithm>
#include <sstream>
#include <utility>
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

class KeptEvents final : public Events {
 public:
  explicit KeptEvents(std::vector<std::string>& events) : events_(events) {}
  void write(const Event& event, Time now) override {
    append_event(events_.emplace_back(), event, "run", to_rfc3339(now));
  }
  std::optional<SystemError> flush() override { return std::nullopt; }
  std::optional<SystemError> close() override { return std::nullopt; }

 private:
  std::vector<std::string>& events_;
};

/// Takes `"NAME":VALUE,` off the front of `text`, VALUE without its quotes; "-" if it is not there.
std::string take_field(std::string_view& text, std::string_view name) {
  std::string head = '"' + std::string(name) + "\":";
  if (!text.starts_with(head)) return "-";
  text.remove_prefix(head.size());
  const std::size_t end = std::min(text.find(','), text.find('}'));
  std::string value(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  std::erase(value, '"');
  return value;
}

}  // namespace

std::vector<std::string> WholeRun::event_kinds() const {
  std::vector<std::string> kinds;
  for (const std::string& line : events) {
    std::string_view text = std::string_view(line).substr(1);
    for (const std::string_view name : {"v", "ts", "run"}) take_field(text, name);
    std::string kind;
    for (const std::string_view name : {"event", "stage", "index", "clock"}) {
      kind += take_field(text, name);
      kind += ' ';
    }
    kinds.push_back(kind.append(text.substr(0, text.rfind('}'))));
  }
  return kinds;
}

WholeRun run_whole(const std::string& words, ScriptedHost& host, StderrSink debug, const Watchers& watchers) {
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
  auto options = Options::of(invocation);
  EXPECT_TRUE(options);
  options->settings.say = std::move(debug);
  auto pipeline = Pipeline::build(invocation, *options);
  if (!pipeline) {
    ADD_FAILURE() << plan::report(pipeline.error(), split);
    return whole;
  }
  EXPECT_TRUE(pipeline->open(host));
  KeptLetters letters(whole.letters);
  KeptEvents events(whole.events);
  whole.report = pipeline->run(
      host, letters, [&whole](std::string_view line) { whole.said += line; }, &events, watchers);
  return whole;
}

}  // namespace sz::run
