#include "stages/transcript.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/report.h"
#include "plan/shell_words.h"
#include "stages/driver.h"

namespace sz::stages_test {
namespace {

constexpr std::string_view prompt = "$ sz ", carriage_return = "␍";
constexpr std::size_t column = 6;

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string made;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    made += text.substr(0, at);
    made += by;
    text.remove_prefix(at + what.size());
  }
  return made += text;
}

std::string seconds(Time t) {
  const Time::Wide size = t.ns() < 0 ? -t.ns() : t.ns();
  std::string text =
      fmt::format("{}{}.{:09}", t.ns() < 0 ? "-" : "", static_cast<std::int64_t>(size / 1'000'000'000),
                  static_cast<std::int64_t>(size % 1'000'000'000));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + 's';
}

/// One line of a case: a time, if there is one, and what is done then.
struct Step {
  std::optional<Time> at;
  std::string_view action;
};

Step step(std::string_view line) {
  Step made;
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  if (!word.empty() && std::isdigit(static_cast<unsigned char>(word[0])) != 0)
    if (const auto d = parse_duration(word)) {
      made.at = Time() + *d;
      line.remove_prefix(end);
    }
  while (line.starts_with(' ')) line.remove_prefix(1);
  made.action = line;
  return made;
}

class Play {
 public:
  explicit Play(std::string_view written) : written_(written) {}

  std::string run() {
    std::istringstream in{std::string(written_)};
    for (std::string line; std::getline(in, line);) take(line);
    if (driver_ != nullptr && !driver_->ended()) {
      driver_->end();
      write("end");
      report(true);
    }
    return out_;
  }

 private:
  void take(const std::string& line) {
    if (line.starts_with('#')) return write(line);
    if (line.starts_with(prompt)) {
      write(line);
      const auto words = plan::shell_words(std::string_view(line).substr(prompt.size()));
      auto made = Driver::make(words);
      if (!made) out_ += plan::report(made.error(), words);
      if (made) driver_ = std::move(*made);
      if (driver_ != nullptr) report(false);
      return;
    }
    if (driver_ == nullptr) return;
    const auto [at, action] = step(line);
    if (at) {
      driver_->at(*at);
      report(false);
    }
    if (action.empty()) {
      write(line);
      if (at) shown_ = *at;
      return;
    }
    const auto [verb, rest] = split(action);
    if (verb == "<" || verb == "<<" || verb == "end" || verb == "abandon" || verb == "idle" ||
        verb == "jump") {
      write(line);
      if (at) shown_ = *at;
    }
    if (verb == "<") {
      driver_->push(replaced(rest, carriage_return, "\r"));
    } else if (verb == "<<") {
      std::istringstream words{std::string(rest)};
      for (std::string word; words >> word;) driver_->push(word);
    } else if (verb == "end") {
      driver_->end();
    } else if (verb == "idle") {
      driver_->idle();
    } else if (verb == "abandon") {
      driver_->abandon();
    } else if (verb == "jump") {
      shown_ = instant(rest);
      driver_->jump(instant(rest));
    } else if (verb == "=") {
      write(std::string(column, ' ') + "= " + account(rest.substr(0, rest.find_first_of(" :"))));
    }
    report(verb == "end" || verb == "abandon");
  }

  static std::pair<std::string_view, std::string_view> split(std::string_view action) {
    const std::size_t end = std::min(action.find(' '), action.size());
    return {action.substr(0, end), action.substr(std::min(end + 1, action.size()))};
  }

  void write(std::string_view line) {
    out_ += line;
    out_ += '\n';
  }

  // The output's end is said unless it is what the action asked for, at once.
  void report(bool ending) {
    const Time asked = shown_;
    for (const Event& event : driver_->take_events()) {
      if (event.kind == Event::Kind::end && ending && event.wall == asked) continue;
      std::string times;
      if (event.wall != shown_) times = seconds(event.wall);
      shown_ = event.wall;
      if (event.kind == Event::Kind::out && event.stream != Time::min() && event.stream != clock_) {
        if (!times.empty()) times += ' ';
        times += '@' + seconds(event.stream);
        clock_ = event.stream;
      }
      write(fmt::format("{:<{}}{}", times.empty() ? "" : times + ' ', column, text(event)));
    }
  }

  static std::string text(const Event& event) {
    switch (event.kind) {
      case Event::Kind::out:
        return "> " + replaced(event.text, "\r", carriage_return);
      case Event::Kind::failed:
        return fmt::format("! {} {}: {} ({})", event.name, name(event.why), event.text, lines(event));
      case Event::Kind::side:
        return fmt::format("+ {}: {}", event.name, replaced(event.text, "\r", carriage_return));
      case Event::Kind::notice:
        return fmt::format("? {}: {}", event.name, event.text);
      case Event::Kind::stop:
        return ". reading stops";
      case Event::Kind::end:
        break;
    }
    return ". end";
  }

  static std::string lines(const Event& event) {
    std::string all;
    for (const auto& [number, original] : event.lines)
      all += fmt::format("{}{}{}{}", all.empty() ? "" : ",", number, original.empty() ? "" : " ",
                         replaced(original, "\r", carriage_return));
    return all;
  }

  std::string account(std::string_view of) const {
    if (of == "state") {
      std::string state = fmt::format("state: held {}", driver_->held());
      if (driver_->arrived() != 0) state += fmt::format(" waiting {}", driver_->arrived());
      if (driver_->blocked()) state += " blocked";
      return state;
    }
    if (of == "lines") {
      const Ledger& ledger = driver_->ledger();
      std::string sum = fmt::format("lines {}:", ledger.lines);
      add(sum, "out", ledger.count(Verdict::out));
      add(sum, "merged", ledger.count(Verdict::merged));
      add(sum, "filtered", ledger.count(Verdict::filtered));
      add(sum, "dropped", ledger.count(Verdict::dropped));
      add(sum, "failed", ledger.count(Verdict::failed));
      add(sum, "open", ledger.held());
      add(sum, "caught", ledger.caught);
      return sum;
    }
    for (std::size_t i = 0; i < driver_->stages(); ++i) {
      const Stage& stage = driver_->stage(i);
      if (stage.name() != of) continue;
      const Counts& counts = stage.counts();
      std::string sum = fmt::format("{}:", of);
      add(sum, "in", counts.in);
      add(sum, "made", counts.made);
      add(sum, "out", counts.out);
      add(sum, "merged", counts.merged);
      add(sum, "filtered", counts.filtered);
      for (const auto& [reason, n] : counts.reasons) add(sum, reason, n);
      add(sum, "failed", counts.failed);
      add(sum, "held", stage.held());
      add(sum, "evicted", counts.evicted);
      return sum;
    }
    return fmt::format("{}: no such stage", of);
  }
  static void add(std::string& sum, std::string_view name, std::uint64_t n) {
    if (n != 0) sum += fmt::format(" {} {}", name, n);
  }

  std::string_view written_;
  std::unique_ptr<Driver> driver_;
  std::string out_;
  Time shown_, clock_ = Time::min();
};

}  // namespace

std::string play(std::string_view written) { return Play(written).run(); }

}  // namespace sz::stages_test
