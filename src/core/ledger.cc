#include "core/ledger.h"

namespace sz {

std::uint64_t Ledger::held() const {
  std::uint64_t known = blank;
  for (const std::uint64_t n : settled) known += n;
  return lines - known;
}

Ledger& Ledger::operator+=(const Ledger& other) {
  lines += other.lines;
  blank += other.blank;
  caught += other.caught;
  for (std::size_t i = 0; i < verdicts; ++i) settled[i] += other.settled[i];
  return *this;
}

Counts& Counts::operator+=(const Counts& other) {
  in += other.in;
  made += other.made;
  out += other.out;
  filtered += other.filtered;
  merged += other.merged;
  failed += other.failed;
  dropped += other.dropped;
  evicted += other.evicted;
  for (const auto& [reason, n] : other.reasons) reasons[reason] += n;
  return *this;
}

}  // namespace sz
