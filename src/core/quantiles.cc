#include "core/quantiles.h"

#include <algorithm>
#include <cmath>

namespace sz {
namespace {

std::ptrdiff_t offset(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

json::Number estimate(double d) { return {.integer = false, .i = 0, .d = d}; }

}  // namespace

std::uint64_t percentile_rank(double p, std::uint64_t count) {
  const double place = std::floor(p * static_cast<double>(count) / 100);
  return std::min(count - 1, static_cast<std::uint64_t>(std::max(place, 0.0)));
}

void Quantiles::add(const ExactNumber& value) {
  if (sketch_) return sketch_->add(value.d);
  values_.push_back(value);
  if (values_.size() <= exact_values) return;
  sketch_ = std::make_unique<QuantileSketch>();
  for (const ExactNumber& each : values_) sketch_->add(each.d);
  values_ = {};
  sorted_ = 0;
}

void Quantiles::merge(const Quantiles& other) {
  if (!other.sketch_) {
    for (const ExactNumber& value : other.values_) add(value);
    return;
  }
  if (!sketch_) {
    sketch_ = std::make_unique<QuantileSketch>();
    for (const ExactNumber& value : values_) sketch_->add(value.d);
    values_ = {};
    sorted_ = 0;
  }
  sketch_->merge(*other.sketch_);
}

// Running results ask after each value: then one value is put in its place.
void Quantiles::sort() {
  constexpr std::size_t few = 4;
  if (values_.size() - sorted_ > few) {
    std::ranges::sort(values_);
    sorted_ = values_.size();
  }
  for (; sorted_ < values_.size(); ++sorted_) {
    const auto last = values_.begin() + offset(sorted_);
    std::rotate(std::upper_bound(values_.begin(), last, *last), last, last + 1);
  }
}

json::Number Quantiles::at(double p) {
  const std::uint64_t rank = percentile_rank(p, count());
  if (sketch_) return estimate(sketch_->at(rank));
  sort();
  return values_[rank];
}

void SlidingQuantiles::add(const ExactNumber& value) {
  sketch_.add(value.d);
  if (!whole_) return;
  values_.insert(value);
  if (values_.size() <= kept_values) return;
  values_.clear();
  whole_ = false;
}

void SlidingQuantiles::add(const Quantiles& portion) {
  if (!portion.sketch_) {
    for (const ExactNumber& value : portion.values_) add(value);
    return;
  }
  sketch_.merge(*portion.sketch_);
  values_.clear();
  whole_ = false;
}

// A portion with a sketch now may have been exact when it came in: then its values are in one by one.
void SlidingQuantiles::remove(const Quantiles& portion) {
  if (portion.sketch_) {
    sketch_.remove(*portion.sketch_);
    values_.clear();
    whole_ = false;
    return;
  }
  for (const ExactNumber& value : portion.values_) {
    sketch_.remove(value.d);
    if (whole_) values_.erase(value);
  }
}

void SlidingQuantiles::refill(const std::vector<const Quantiles*>& portions) {
  values_.clear();
  for (const Quantiles* portion : portions)
    for (const ExactNumber& value : portion->values_) values_.insert(value);
  whole_ = true;
}

json::Number SlidingQuantiles::at(double p) const {
  const std::uint64_t rank = percentile_rank(p, count());
  if (count() <= exact_values && whole_) return values_.at(rank);
  return estimate(sketch_.at(rank));
}

}  // namespace sz
