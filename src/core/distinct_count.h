#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/hyper_log_log.h"
#include "core/quantiles.h"
#include "core/tally.h"

namespace sz {

/// How many different texts came: exact to 10 000, then by HyperLogLog over a hash that `seed` alone decides,
/// so that the same input gives the same estimate.
class DistinctCount {
 public:
  DistinctCount(const Secret& secret, std::uint64_t seed) : exact_(secret), seed_(seed) {}

  void add(std::string_view text, std::uint64_t number);
  void merge(const DistinctCount& other);
  bool exact() const { return sketch_ == nullptr; }
  std::uint64_t count() const {
    if (said_) return *said_;
    return sketch_ ? sketch_->estimate() : exact_.size();
  }

  /// For a window that slides: both exact, and this one has no bound of its own (its portions have one).
  void merge_exact(const DistinctCount& portion) { exact_.merge(portion.exact_); }
  void remove_exact(const DistinctCount& portion) { exact_.remove(portion.exact_); }
  /// What count() is to say until further notice, where some portions are not exact.
  void say(std::optional<std::uint64_t> count) { said_ = count; }
  void add_exact(std::string_view text, std::uint64_t number) { exact_.add(text, text, number); }

 private:
  static constexpr std::size_t most = exact_values;
  void estimate_if_many();

  Tally exact_;  // empty once there is a sketch
  std::unique_ptr<HyperLogLog> sketch_;
  std::uint64_t seed_;
  std::optional<std::uint64_t> said_;
};

}  // namespace sz
