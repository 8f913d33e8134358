#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "differential/generator.h"
#include "differential/known.h"
#include "differential/peer.h"
#include "differential/same.h"
#include "expr/program.h"
#include "json/document.h"
#include "json/write.h"

// differential [--programs N] [--documents N] [--seed N] [--show N] [--list] [--examples N] KNOWN-DIFFERENCES
//
// Random programs on random documents: both evaluators of ours, jq and gojq give the same outputs or all
// fail, but for the written list of differences. Prints TAP. A peer that is not installed is a skipped test.
// --list counts what each line of the list excused, --examples N shows the first N of it.

namespace sz::differential {
namespace {

struct Options {
  std::size_t programs = 5000, documents = 3, show = 20, batch = 50, examples = 0;
  std::uint64_t seed = 1;
  bool list = false;
  std::string known;
};

// Programs that take longer are left out: the peers may not come back from them.
constexpr std::uint64_t most_steps = 50'000;

std::string ours(const std::string& source, bool direct, const json::Node& input) {
  expr::Settings settings;
  settings.direct = direct;
  settings.max_steps = most_steps;
  auto program = expr::Program::compile(source, settings);
  if (!program) return fmt::format("[2,\"{} at {}\"]", program.error().message, program.error().offset);
  const auto values = program->outputs(input, Time());
  std::string out;
  if (!values) {
    out = "[1,";
    json::append_string(out, values.error());
    return out + "]";
  }
  out = "[0,[";
  for (const expr::Value& v : *values) {
    if (out.back() != '[') out += ',';
    v.append_json(out);
  }
  return out + "]]";
}

class Run {
 public:
  Run(Options options, Known known, std::string folder)
      : options_(std::move(options)),
        known_(std::move(known)),
        peers_{Peer("jq", folder), Peer("gojq", folder)},
        generator_(options_.seed) {}

  int operator()() {
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      versions_[i] = peers_[i].version();
      installed_[i] = !versions_[i].empty();
    }
    for (std::size_t done = 0; done < options_.programs; done += options_.batch) {
      batch(std::min(options_.batch, options_.programs - done));
      if (failures_[0] + failures_[1] + failures_[2] >= options_.show) break;
    }
    fmt::print("1..3\n");
    fmt::print("{} 1 - both evaluators agree on {} cases\n", failures_[2] > 0 ? "not ok" : "ok", cases_);
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      const std::string& name = peers_[i].name();
      if (!installed_[i]) {
        fmt::print("ok {} - {} # skip not installed\n", i + 2, name);
        continue;
      }
      fmt::print("{} {} - {} agrees on {} cases, {} differ as written, {} it could not run\n",
                 failures_[i] > 0 ? "not ok" : "ok", i + 2, name, agreed_[i], excused_[i], lost_[i]);
    }
    if (options_.list) {
      for (const std::string& l : known_.used(options_.examples)) fmt::print("# {}\n", l);
      for (const std::string& l : known_.unused()) fmt::print("# unused: {}\n", l);
    }
    return failures_[0] + failures_[1] + failures_[2] > 0 ? 1 : 0;
  }

 private:
  void batch(std::size_t size) {
    std::vector<std::string> programs, documents;
    for (std::size_t i = 0; i < options_.documents; ++i) documents.push_back(generator_.document());
    while (programs.size() < size) {
      std::string program = generator_.program();
      if (!heavy(program, documents)) programs.push_back(std::move(program));
    }
    std::vector<Answer> theirs[2];
    for (std::size_t i = 0; i < peers_.size(); ++i)
      if (installed_[i]) {
        theirs[i] = peers_[i].ask(programs, documents);
        if (options_.list)
          for (const std::string& c : peers_[i].take_complaints())
            fmt::print("# {} cannot run {}\n", peers_[i].name(), c);
      }
    for (std::size_t p = 0; p < programs.size(); ++p) {
      for (std::size_t d = 0; d < documents.size(); ++d) {
        json::Document document;
        const auto node = document.parse(documents[d]);
        const std::string mine = ours(programs[p], true, *node), machine = ours(programs[p], false, *node);
        ++cases_;
        if (mine.starts_with("[2")) {  // does not compile: a fault of the generator or ours
          report(2, programs[p], documents[d], mine, machine);
          break;
        }
        if (mine != machine) report(2, programs[p], documents[d], mine, machine);
        judge(programs[p], documents[d], mine, theirs[0], theirs[1], p * documents.size() + d);
      }
    }
  }

  static bool heavy(const std::string& program, const std::vector<std::string>& documents) {
    return std::ranges::any_of(documents, [&](const std::string& text) {
      json::Document document;
      return ours(program, true, *document.parse(text)).find("(--max-steps)") != std::string::npos;
    });
  }

  void judge(const std::string& program, const std::string& document, const std::string& mine,
             const std::vector<Answer>& jq, const std::vector<Answer>& gojq, std::size_t at) {
    const Answer nothing;
    const Answer* theirs[2] = {installed_[0] ? &jq[at] : &nothing, installed_[1] ? &gojq[at] : &nothing};
    // gojq has words of its own for all errors; that jq's differ does not make the other one's answer
    // doubtful.
    bool same[2], backs[2];
    for (std::size_t i = 0; i < 2; ++i) {
      same[i] = *theirs[i] && same_answer(mine, **theirs[i], i == 0);
      backs[i] = *theirs[i] && same_answer(mine, **theirs[i], false);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (!*theirs[i]) {
        lost_[i] += installed_[i] ? 1 : 0;
      } else if (same[i]) {
        ++agreed_[i];
      } else if (known_.excuses(
                     peers_[i].name(), versions_[i], backs[1 - i],
                     fmt::format("{}  ⊢  {}  ⇒  {}  ≠  {}", program, document, mine, **theirs[i]))) {
        ++excused_[i];
      } else {
        report(i, program, document, mine, **theirs[i]);
      }
    }
  }

  void report(std::size_t who, const std::string& program, const std::string& document,
              const std::string& mine, const std::string& other) {
    if (++failures_[who] > options_.show) return;
    const std::string name = who == 2 ? "machine" : peers_[who].name();
    fmt::print("# {}\n#   on      {}\n#   sz      {}\n#   {:7} {}\n", program, document, mine, name, other);
  }

  Options options_;
  Known known_;
  std::vector<Peer> peers_;
  Generator generator_;
  bool installed_[2] = {};
  std::string versions_[2];
  std::size_t cases_ = 0, agreed_[2] = {}, excused_[2] = {}, lost_[2] = {}, failures_[3] = {};
};

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto number = [&] { return std::strtoull(i + 1 < argc ? argv[++i] : "0", nullptr, 10); };
    if (word == "--programs") {
      options.programs = number();
    } else if (word == "--documents") {
      options.documents = number();
    } else if (word == "--seed") {
      options.seed = number();
    } else if (word == "--show") {
      options.show = number();
    } else if (word == "--examples") {
      options.examples = number();
      options.list = true;
    } else if (word == "--list") {
      options.list = true;
    } else {
      options.known = word;
    }
  }
  auto known = Known::load(options.known);
  if (!known) {
    fmt::print(stderr, "{}\n", known.error());
    return 2;
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("sz-differential-{}", getpid());
  std::filesystem::create_directory(folder);
  const int status = Run(std::move(options), std::move(*known), folder.string())();
  std::filesystem::remove_all(folder);
  return status;
}

}  // namespace
}  // namespace sz::differential

int main(int argc, char** argv) { return sz::differential::main(argc, argv); }
