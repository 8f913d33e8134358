#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/request.h"
#include "random.h"

namespace sz::simulate::nested {

/// A record: its line, a number that stages change, and how often each question outside is answered badly.
struct Thing {
  int n = 0;
  long a = 0;
  int f = 0;
  std::string text() const { return fmt::format(R"({{"n":{},"a":{},"f":{}}})", n, a, f); }
};

enum class Op : std::uint8_t {
  even,
  add,
  third,
  twice,
  outside,
  buffer,  // plain
  switch_else,
  switch_past,
  all,
  split,
  fanout,
  isolate,
  partition,
  tap,  // with branches
  retry,
  breaker,
  catches,  // prefixes; the last branch is what they wrap
  write,    // stands last
  hold,     // keeps a record for the stream's time
};

struct Node {
  Op op = Op::add;
  int index = 0;
  long stride = 0;  // twice, all, fanout, tap: what tells copies apart
  int jobs = 1, attempts = 3, copies = 1;
  std::string file = {};  // write
  std::vector<std::vector<Node>> inner;
};
using Nodes = std::vector<Node>;

/// What breakers do: never open; open, and let records wait; open, and fail them.
enum class Breakers : std::uint8_t { closed, waiting, failing };

/// How work outside goes wrong.
struct BadEnd {
  sz::Result::End end;
  int number;
  const char* kind;
  bool again;  ///< a retry tries once more
};
/// The same for all that comes of one line at one stage: of failures in copies of it any may be the first.
inline const BadEnd& bad_end(std::string_view stage, int n) {
  using enum sz::Result::End;
  static constexpr BadEnd all[] = {{exited, 1, "exec_exit", true},      {exited, 75, "exec_exit", true},
                                   {signalled, 9, "exec_signal", true}, {timed_out, 0, "exec_timeout", true},
                                   {unstarted, 11, "exec_spawn", true}, {exited, 65, "exec_exit", false},
                                   {broken, 0, "exec_output", false}};
  return all[std::hash<std::string>{}(fmt::format("{} {}", stage, n)) % std::size(all)];
}

/// Makes a tree and the words for it.
class Generator {
 public:
  /// `holds`: may records be held for the stream?
  Generator(Random& random, Breakers breakers, bool holds)
      : random_(random), breakers_(breakers), holds_(holds) {}

  Nodes pipeline(int depth) {
    Nodes all;
    for (std::size_t n = 1 + random_.below(depth == 0 ? 3 : 2); n != 0; --n) {
      if (!all.empty()) word("then");
      all.push_back(step(depth));
    }
    if (retries_ == 0 && random_.percent(depth == 0 ? 8 : 12)) {
      word("then");
      all.push_back(write());
    }
    return all;
  }
  std::vector<std::string> words;
  bool catches = false;
  bool arrival = false;  // something joins as it comes
  bool sheds = false;    // buffers may drop

 private:
  /// A file of its own, or one for each line. Copies of a stage may not share a file that is named outright.
  Node write() {
    Node node{.op = Op::write, .index = ++count_, .inner = {}};
    node.file = fmt::format("w{}", node.index);
    if (partitions_ != 0 || random_.percent(50)) node.file += "/{.n}";
    word("write"), word(node.file);
    return node;
  }
  void word(std::string text) { words.push_back(std::move(text)); }
  long stride() { return stride_ = (stride_ == 0 ? 60 : stride_ * 10); }

  Node step(int depth) {
    // What a breaker refuses would come out of a handler.
    const std::size_t most = breakers_ == Breakers::failing ? 16 : 17;
    const std::size_t kinds = depth >= 4 || words.size() > 60 ? 6 : most;
    auto op = static_cast<Op>(random_.below(kinds));
    if (breakers_ != Breakers::closed && count_ == 0) op = Op::breaker;
    if (retries_ != 0 && op == Op::buffer) op = Op::add;
    if (retries_ != 0 && op == Op::isolate) op = Op::fanout;
    if (holds_ && retries_ == 0 && depth != 0 && random_.percent(20)) op = Op::hold;
    Node node{.op = op, .index = ++count_, .inner = {}};
    switch (node.op) {
      case Op::even:
        word("filter"), word(".a % 2 == 0");
        break;
      case Op::add:
        word("map"), word(".a += 1");
        break;
      case Op::third:
        word("map"), word("if .a % 3 == 0 then error(\"third\") else . end");
        break;
      case Op::twice:
        node.stride = stride();
        word("map"), word(fmt::format("., (.a += {})", node.stride));
        break;
      case Op::outside:
        node.jobs = static_cast<int>(1 + random_.below(4));
        word("map"), word("--exec"), word(fmt::format("ask {}", node.index));
        word("--jobs"), word(std::to_string(node.jobs));
        break;
      case Op::buffer:
        word("buffer"), word("--size"), word(std::to_string(1 + random_.below(3)));
        when_full({"drop-newest", "drop-oldest", "fail"});
        arrival |= depth != 0;
        break;
      case Op::switch_else:
      case Op::switch_past:
      case Op::all:
        word("switch");
        if (node.op == Op::all) word("--all");
        word(".a % 2 == 0");
        branch(node, depth);
        word(".a % 3 == 1");
        branch(node, depth);
        if (node.op == Op::switch_else) word("else"), branch(node, depth);
        break;
      case Op::split:
        word("split"), word(".a % 2 == 0");
        branch(node, depth), branch(node, depth);
        break;
      case Op::fanout:
        word("fanout");
        branch(node, depth), branch(node, depth);
        break;
      case Op::isolate:
        word("fanout"), word("--isolate"), word(std::to_string(1 + random_.below(3)));
        when_full({"drop-newest", "drop-oldest"});
        arrival = true;
        branch(node, depth), branch(node, depth);
        break;
      case Op::partition:
        word("partition"), word("--round-robin"), word("-n"), word("3");
        ++partitions_;
        branch(node, depth);
        --partitions_;
        break;
      case Op::tap:
        word("tap");
        branch(node, depth);
        break;
      case Op::retry:
        node.attempts = static_cast<int>(1 + random_.below(3));
        word("retry"), word("-n"), word(std::to_string(node.attempts)), word("--delay"), word("70ms");
        ++retries_;
        wrapped(node, depth);
        --retries_;
        break;
      case Op::breaker:
        word("breaker");
        if (breakers_ == Breakers::closed) {
          word("--min-calls"), word("1000000"), word("--window"), word("1000000");
        } else {
          word("--consecutive"), word(std::to_string(1 + random_.below(2)));
          word("--trial-calls"), word(std::to_string(1 + random_.below(2)));
          word("--open"), word("100ms");
          if (breakers_ == Breakers::waiting) word("--when-open"), word("wait");
        }
        wrapped(node, depth);
        break;
      case Op::catches:
        catches = true;
        word("catch"), word("[");
        ++count_;
        word("map"), word(".record"), word("then");
        node.inner.push_back(pipeline(depth + 1));
        word("]");
        wrapped(node, depth);
        break;
      case Op::hold:  // no record is like another
        word("dedupe"), word("--by"), word("[.n, .a]"), word("--keep"), word("last");
        if (random_.percent(70)) {
          word("--ttl"), word(fmt::format("{}s", 1 + random_.below(4)));
        } else {
          word("--max-keys"), word("1");
        }
        arrival = true;
        break;
      case Op::write:  // not drawn
        break;
    }
    return node;
  }

  void when_full(std::vector<const char*> policies) {
    if (random_.percent(70)) return;
    word("--when-full"), word(policies[random_.below(policies.size())]);
    sheds = true;
  }

  /// Copies must differ, or what is asked outside about one would answer for the other.
  void branch(Node& node, int depth) {
    word("[");
    if (node.op == Op::all || node.op == Op::fanout || node.op == Op::isolate || node.op == Op::tap) {
      Node mark{.op = Op::add, .index = ++count_, .stride = stride(), .inner = {}};
      word("map"), word(fmt::format(".a += {}", mark.stride));
      Nodes nodes{mark};
      if (random_.percent(80)) {
        word("then");
        for (Node& more : pipeline(depth + 1)) nodes.push_back(std::move(more));
      }
      node.inner.push_back(std::move(nodes));
    } else if (random_.percent(85)) {
      node.inner.push_back(pipeline(depth + 1));
    } else {
      node.inner.emplace_back();
    }
    word("]");
  }
  void wrapped(Node& node, int depth) {
    if (random_.percent(50)) {
      node.inner.push_back({step(depth + 1)});
    } else {
      branch(node, depth);
    }
  }

  Random& random_;
  Breakers breakers_;
  bool holds_;
  int count_ = 0, retries_ = 0, partitions_ = 0;
  long stride_ = 0;
};

}  // namespace sz::simulate::nested
