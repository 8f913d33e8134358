#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/record.h"

namespace sz {

/// The scope of a record that was merged of many (a batch, a window): holds its members' origins and lines
/// until it has settled. The first member gets the verdict, the others too, but `merged` for `out`: so, with
/// nothing split, `out` counts output records.
class Group final : public Scope {
 public:
  /// `originals`: keep the members' input lines for dead letters (Run::keep_originals). `expected` members
  /// are reserved.
  Group(Ledger& ledger, bool originals, std::size_t expected) : ledger_(ledger), originals_(originals) {
    members_.reserve(expected);
  }

  /// Takes over the record's origin.
  void add(Record& record);
  std::size_t size() const { return members_.size(); }

  /// Each line once, in order of the first member that came of it.
  void lines(std::vector<Line>& out) const override;
  std::uint64_t summed() const override;

 private:
  void settled(Verdict v) override;

  struct Member {
    Origin origin;
    Line line;
    std::size_t text = 0, text_size = 0;  // its original within texts_
    bool has_line = false;
  };
  Ledger& ledger_;
  bool originals_;
  std::vector<Member> members_;
  std::string texts_;
};

}  // namespace sz
