#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/hash.h"

namespace sz {

/// How often each of many texts came, and when first. Holds each text once. The hash is keyed with a secret,
/// which the caller owns and keeps.
class Tally {
 public:
  struct Entry {
    std::uint64_t count = 0;
    std::uint64_t first = 0;  ///< the smallest number it came with, from 1
    std::string shown;        ///< what to print for it; empty if that is the text itself
  };
  struct Ranked {
    std::string_view shown;
    std::uint64_t count;
  };

  explicit Tally(const Secret& secret) : entries_(0, HashOf{&secret}) {}

  std::size_t size() const { return entries_.size(); }
  void clear() { entries_ = decltype(entries_)(0, entries_.hash_function()); }
  /// `number` counts upwards over all that comes anywhere; `shown` is printed for the text.
  void add(std::string_view text, std::string_view shown, std::uint64_t number);
  void merge(const Tally& other);
  /// Takes out what was merged in. Whose first one goes is `unknown` until settle_first().
  void remove(const Tally& other);
  bool unsettled() const { return unsettled_; }
  /// Finds out anew when what is left came first, of what the portions that are left say.
  void settle_first(const std::vector<const Tally*>& portions);
  /// The `most` that came most often, of equals those that came first; lent.
  std::vector<Ranked> top(std::size_t most) const;

  template <class Each>
  void each(Each&& each) const {
    for (const auto& [text, entry] : entries_) each(std::string_view(text));
  }

 private:
  static constexpr std::uint64_t unknown = 0;
  struct HashOf {
    using is_transparent = void;
    using is_avalanching = void;
    const Secret* secret;
    std::size_t operator()(std::string_view text) const { return secret->hash(text); }
  };
  boost::unordered_flat_map<std::string, Entry, HashOf, std::equal_to<>> entries_;
  bool unsettled_ = false;  // somewhere in it `first` is unknown
};

}  // namespace sz
