#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>

namespace sz::differential {

/// Random programs in jq's language and random documents for them. Programs always end, are never refused,
/// and use what jq 1.6 and gojq 0.12.11 both know. The same seed gives the same sequence.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}
  std::string program();
  std::string document(int depth = 3);

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool once_in(int n) { return pick(n) == 0; }
  std::string one(std::initializer_list<const char*> of) {
    return *(of.begin() + pick(static_cast<int>(of.size())));
  }

  // One expression of a kind, mostly: errors are wanted too. In generator_*.cc by kind.
  std::string any(int depth);
  std::string stream(int depth);
  std::string number(int depth);
  std::string text(int depth);
  std::string truth(int depth);
  std::string list(int depth);
  std::string object(int depth);
  std::string path(int depth);
  std::string update(int depth);
  std::string control(int depth);
  std::string regex();
  std::string word();
  std::string variable();

  std::mt19937_64 random_;
  int variables_ = 0;  // $v0 ... are bound around here
};

}  // namespace sz::differential
