#include <fmt/format.h>

#include "generate.h"

namespace sz::simulate {
namespace {

constexpr Ns spans[] = {100 * millisecond, 500 * millisecond, second, second, 2 * second, 1500 * millisecond};

std::string duration(Ns d) { return fmt::format("{}ms", d / millisecond); }

class Steps {
 public:
  Steps(Random& random, bool live, bool event_time) : random_(random), live_(live), event_time_(event_time) {}

  /// What sums up settles its lines: it stands last, where its results cannot fail any more.
  Step last() {
    step_ = {};
    if (random_.percent(65))
      window();
    else
      aggregate();
    return std::move(step_);
  }

  /// Nothing comes out of it: it stands behind all others.
  Step write() {
    step_ = {};
    begin("write");
    step_.mode = random_.pick<const char*>({"k", "k", "a", "l", ".", ""});
    if (step_.mode.empty())
      step_.file = "all";
    else if (step_.mode == ".")
      step_.file = "out/{.}";
    else
      step_.file = fmt::format("{{.{}}}.ndjson", step_.mode);
    word(step_.file);
    if (random_.percent(30)) word("--append");
    return std::move(step_);
  }

  Step next() {
    step_ = {};
    switch (random_.below(live_ ? 10 : 15)) {
      case 0:
        filter();
        break;
      case 1:
        map();
        break;
      case 2:
        flatten();
        break;
      case 3:
        take_or_skip("take");
        break;
      case 4:
        take_or_skip("skip");
        break;
      case 5:
        dedupe();
        break;
      case 6:
      case 7:
        batch();
        break;
      case 8:
        debounce();
        break;
      case 9:
        sample();
        break;
      case 10:
        throttle();
        break;
      case 11:
        tap();
        break;
      case 12:
        outside();
        break;
      case 13:
        begin("watch");
        break;
      default:
        batch();
        break;
    }
    return std::move(step_);
  }

 private:
  void begin(const char* stage, const char* called = nullptr) {
    step_.stage = stage;
    step_.words = {called != nullptr ? called : stage};
  }
  void word(std::string text) { step_.words.push_back(std::move(text)); }
  void option(const char* name, std::string text) {
    word(name);
    word(std::move(text));
  }
  void by(unsigned percent) {
    if (!random_.percent(percent)) return;
    step_.by = &random_.of(keys());
    if (random_.percent(60)) step_.by = &keys()[0];
    option("--by", std::string(step_.by->text));
  }
  void max_keys(unsigned percent) {
    if (!random_.percent(percent) || (!step_.by && step_.stage != "dedupe")) return;
    step_.max_keys = random_.below(4);
    option("--max-keys", std::to_string(*step_.max_keys));
  }
  void span(const char* name) {
    step_.span = random_.of(spans);
    option(name, duration(*step_.span));
  }

  void filter() {
    begin("filter");
    step_.expr = &random_.of(conditions());
    word(std::string(step_.expr->text));
    if ((step_.invert = random_.percent(25))) word("-v");
  }

  void map() {
    begin("map");
    step_.expr = &random_.of(map_expressions());
    word(std::string(step_.expr->text));
  }

  void flatten() {
    begin("flatten", random_.percent(30) ? "unbatch" : "flatten");
    step_.expr = &lists()[0];
    if (random_.percent(50)) return;
    step_.expr = &random_.of(lists());
    word(std::string(step_.expr->text));
  }

  void take_or_skip(const char* stage) {
    begin(stage);
    const std::size_t which = random_.below(4);
    if (which == 0) {
      step_.last = random_.below(4);
      return option("--last", std::to_string(*step_.last));
    }
    if (which == 1) {
      step_.expr = &random_.of(conditions());
      option("--while", std::string(step_.expr->text));
    } else if (which == 2) {
      span("--for");
    } else {
      step_.n = random_.below(10) == 0 ? 0 : 1 + random_.below(8);
      word(std::to_string(*step_.n));
    }
    by(35);
    if (step_.by) max_keys(40);
  }

  void dedupe() {
    begin("dedupe");
    by(70);
    if (random_.percent(55)) span("--ttl");
    if ((step_.adjacent = random_.percent(20))) word("--adjacent");
    if ((step_.keep_last = random_.percent(50))) option("--keep", "last");
    if (step_.span && (step_.refresh = random_.percent(30))) word("--refresh");
    if ((step_.keep_last || step_.span) && random_.percent(30)) {
      step_.count_field.assign(1, random_.percent(50) ? 'n' : 'a');
      option("--count-field", step_.count_field);
    }
    if (!step_.adjacent) max_keys(25);
  }

  void throttle() {
    begin("throttle");
    step_.events = random_.pick<std::uint64_t>({1, 2, 4, 10});
    step_.burst = step_.events;
    option("--rate", fmt::format("{}/s", step_.events));
    if (random_.percent(60)) {
      step_.burst = 1 + random_.below(3);
      option("--burst", std::to_string(step_.burst));
    }
    step_.mode = std::string(random_.pick<const char*>({"wait", "drop", "fail"}));
    option("--mode", step_.mode);
    if (random_.percent(20)) {
      step_.expr = &expression(".a");
      option("--cost", ".a");
    }
    by(40);
    if (step_.mode != "wait") return max_keys(25);
    if ((step_.unordered = random_.percent(20))) word("--unordered");
    if (step_.unordered && random_.percent(30)) option("--max-held", std::to_string(1 + random_.below(3)));
  }

  void batch() {
    if (random_.percent(15)) {
      begin("batch", "chunk");
      step_.n = 1 + random_.below(4);
      word(std::to_string(*step_.n));
    } else {
      begin("batch");
      while (!step_.n && !step_.span && !step_.bytes && !step_.expr) {
        if (random_.percent(50)) {
          step_.n = 1 + random_.below(4);
          option("--size", std::to_string(*step_.n));
        }
        if (random_.percent(50)) span("--every");
        if (random_.percent(15)) {
          step_.bytes = 1 + random_.below(80);
          option("--bytes", std::to_string(*step_.bytes));
        }
        if (random_.percent(15)) {
          step_.expr = &random_.of(conditions());
          option("--until", std::string(step_.expr->text));
        }
      }
    }
    by(35);
    if ((step_.wrap = random_.percent(20))) word("--wrap");
    max_keys(20);
  }

  void debounce() {
    begin("debounce");
    span("--quiet");
    if (random_.percent(30)) {
      step_.longest = random_.of(spans);
      option("--max-wait", duration(*step_.longest));
    }
    if ((step_.leading = random_.percent(35))) word("--leading");
    if (step_.leading && random_.percent(40)) {
      step_.trailing = false;
      word("--no-trailing");
    } else if (random_.percent(25)) {
      step_.count_field.assign(1, random_.percent(50) ? 'n' : 'a');
      option("--count-field", step_.count_field);
    }
    by(55);
    max_keys(20);
  }

  void sample() {
    begin("sample");
    step_.mode = random_.pick<const char*>({"--nth", "--nth", "--per", "--per", "--reservoir", "--rate"});
    if (step_.mode == "--per") {
      span("--per");
    } else if (step_.mode == "--rate") {
      step_.events = random_.pick<std::uint64_t>({0, 30, 50, 100});
      option("--rate", fmt::format("{}%", step_.events));
    } else {
      step_.n = 1 + random_.below(4);
      option(step_.mode.c_str(), std::to_string(*step_.n));
    }
    by(45);
    if (step_.mode != "--rate") max_keys(20);
  }

  /// Of windows `mode` says which: time, session, count, or total for an aggregate over everything.
  void window() {
    begin("window");
    const std::size_t which = random_.below(4);
    if (which == 0) {
      word("count");
      step_.mode = "count";
      step_.n = 1 + random_.below(4);
      option("--size", std::to_string(*step_.n));
      if (random_.percent(50)) {
        step_.slide_n = 1 + random_.below(*step_.n);
        option("--slide", std::to_string(*step_.slide_n));
      }
    } else if (which == 1) {
      word("session");
      step_.mode = "session";
      span("--gap");
      if (random_.percent(35)) {
        step_.longest = random_.of(spans);
        option("--max", duration(*step_.longest));
      }
    } else {
      word(which == 2 ? "tumbling" : "sliding");
      step_.mode = "time";
      span("--size");
      if (which == 3) {
        const Ns tenths = *step_.span / (100 * millisecond);
        step_.slide =
            (1 + static_cast<Ns>(random_.below(static_cast<std::size_t>(tenths)))) * 100 * millisecond;
        option("--slide", duration(*step_.slide));
      } else if (random_.percent(35)) {
        step_.offset = static_cast<Ns>(random_.below(25)) * 100 * millisecond;
        option("--offset", duration(*step_.offset));
      }
      // Where the clock jumps there should not be thousands of them; the wall's has no end.
      if (event_time_ && step_.slide.value_or(*step_.span) >= 500 * millisecond &&
          (step_.fill = random_.percent(40)))
        word("--fill-empty");
    }
    if ((which == 1 || which == 2) && random_.percent(25)) {
      step_.most = 1 + random_.below(3);
      option("--max-count", std::to_string(*step_.most));
    }
    if (event_time_ && step_.mode != "count" && random_.percent(60)) {
      step_.late = std::string(random_.pick<const char*>({"fail", "drop", "emit"}));
      option("--late", step_.late);
    }
    by(40);
    max_keys(20);
    if (random_.percent(40)) sums();
  }

  void aggregate() {
    begin("aggregate");
    step_.mode = "total";
    if (random_.percent(40)) {
      step_.mode = "time";
      span("--every");
      if (random_.percent(30)) {
        step_.most = 1 + random_.below(4);
        option("--count", std::to_string(*step_.most));
      }
    } else if (random_.percent(30)) {
      step_.n = 1 + random_.below(4);
      option("--count", std::to_string(*step_.n));
    }
    if ((step_.running = random_.percent(30))) word("--running");
    by(40);
    max_keys(20);
    sums();
  }

  void sums() {
    step_.sums = true;
    for (const char* text : {"n=count", "l=list", "f=first", "z=last"}) word(text);
  }

  void tap() {
    begin("tap");
    step_.file = fmt::format("tap{}", ++taps_);
    option("--to", step_.file);
  }

  void outside() {
    begin("outside");
    step_.mode = std::string(random_.pick<const char*>({"map", "map", "filter", "tap"}));
    step_.words = {step_.mode};
    step_.keeps = random_.percent(20);
    if (step_.mode == "filter" && (step_.invert = random_.percent(25))) word("-v");
    step_.jobs = 1 + random_.below(4);
    option(step_.keeps ? "--worker" : "--exec", "program");
    if (step_.keeps) {
      option("--in-flight", std::to_string(step_.jobs));
    } else {
      option("--jobs", std::to_string(step_.jobs));
      if (random_.percent(25)) span("--timeout");
      by(20);
    }
    if ((step_.unordered = random_.percent(10))) word("--unordered");
  }

  Random& random_;
  bool live_, event_time_;
  Step step_;
  int taps_ = 0;
};

}  // namespace

std::vector<Step> generate_steps(Random& random, bool live, bool event_time) {
  Steps make(random, live, event_time);
  std::vector<Step> all;
  for (std::size_t n = 1 + random.below(random.percent(70) ? 3 : 6); n != 0; --n) all.push_back(make.next());
  if (!live && random.percent(45)) all.push_back(make.last());
  if (!live && !all.back().sums && !all.back().fill && random.percent(12)) all.push_back(make.write());
  return all;
}

}  // namespace sz::simulate
