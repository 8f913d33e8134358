#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/ledger.h"
#include "core/line.h"

namespace sz {

/// Counts the records that descend from one thing (a line that was split, a batch, an attempt) and hears once
/// how they all ended. It ends after settled(): only Origins point to it, and the last of them has gone by
/// then.
class Attempt;

class Scope {
 public:
  Scope() = default;
  virtual ~Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// Appends the input lines behind this scope. Their texts are lent by the scope.
  virtual void lines(std::vector<Line>& out) const = 0;
  /// How many records it sums up that have settled on their own already, so that no line is behind it.
  virtual std::uint64_t summed() const { return 0; }
  /// The attempt that the records of this scope belong to, or nullptr.
  virtual Attempt* attempt() { return nullptr; }
  /// The failure that a catch took and of which the records of this scope come (Failure::cause), or nullptr.
  virtual const std::string* cause() const { return nullptr; }

 protected:
  /// Called last, once, with the strongest verdict. May push records and settle other origins.
  virtual void settled(Verdict v) = 0;
  /// Gets the scope itself after settled(), to keep it for another time, after renew(). Else it is deleted.
  virtual void retire(std::unique_ptr<Scope>) {}
  /// The strongest verdict so far.
  Verdict so_far() const { return strongest_; }
  void renew() {
    references_ = 1;
    strongest_ = Verdict::none;
  }

 private:
  friend class Origin;
  std::uint32_t references_ = 1;
  Verdict strongest_ = Verdict::none;
};

class SharedLine;

/// A record's share in the fate of its input line (or lines): eight bytes, move-only, settled exactly once by
/// whoever ends the record. The common case, one line that stays one record, needs no memory. One that is
/// destroyed unsettled leaves its line open, and the ledger shows it at exit.
class Origin {
 public:
  Origin() = default;
  /// The origin of a record that is one whole input line.
  static Origin whole_line() { return Origin(1); }
  /// The one origin of a merged record. `scope` was made by new and belongs to its origins from now on.
  static Origin of(Scope* scope) { return Origin(reinterpret_cast<std::uintptr_t>(scope)); }

  Origin(Origin&& other) noexcept : bits_(std::exchange(other.bits_, 0)) {}
  Origin& operator=(Origin&& other) noexcept {
    std::swap(bits_, other.bits_);
    return *this;
  }
  /// Unsettled, which only a run that breaks off should see: gives the memory back and tells nobody.
  ~Origin() {
    if (bits_ > 1) forget();
  }

  explicit operator bool() const { return bits_ != 0; }

  /// One more record comes of this one. Settle this origin itself only after the last split.
  Origin split(Ledger& ledger) {
    if (bits_ == 1) share(ledger);
    ++scope()->references_;
    return Origin(bits_);
  }

  /// Ahead of split(), where it is called again and again: a whole line takes what it needs from `spare`,
  /// where it comes back when all have settled. `spare` outlives that.
  void prepare_split(Ledger& ledger, std::unique_ptr<SharedLine>& spare) {
    if (bits_ == 1) share(ledger, spare);
  }

  void settle(Ledger& ledger, Verdict v) {
    if (bits_ == 1) {
      bits_ = 0;
      ledger.settle_line(v);
    } else {
      release(v);
    }
  }

  /// The input lines behind a record whose Line is not at hand.
  void lines(std::vector<Line>& out) const {
    if (bits_ > 1) scope()->lines(out);
  }
  std::uint64_t summed() const { return bits_ > 1 ? scope()->summed() : 0; }

  /// The attempt that the record belongs to, or nullptr.
  Attempt* attempt() const { return bits_ > 1 ? scope()->attempt() : nullptr; }
  const std::string* cause() const { return bits_ > 1 ? scope()->cause() : nullptr; }
  /// Is this the only origin of `of` that has not settled?
  bool is_last_of(const Scope* of) const { return scope() == of && of->references_ == 1; }

 private:
  explicit Origin(std::uintptr_t bits) : bits_(bits) {}
  Scope* scope() const { return reinterpret_cast<Scope*>(bits_); }
  void share(Ledger& ledger);
  void share(Ledger& ledger, std::unique_ptr<SharedLine>& spare);
  void release(Verdict v);
  void forget();

  std::uintptr_t bits_ = 0;  // 0 nothing, 1 a whole line, else a Scope*
};

/// A line that became several records.
class SharedLine final : public Scope {
 public:
  /// `home`, if given, outlives it: it is kept there when it has settled.
  explicit SharedLine(Ledger& ledger, std::unique_ptr<SharedLine>* home = nullptr)
      : ledger_(ledger), home_(home) {}
  void lines(std::vector<Line>&) const override {}  // each of its records has the Line at hand

 private:
  void settled(Verdict v) override { ledger_.settle_line(v); }
  void retire(std::unique_ptr<Scope> self) override {
    if (home_ == nullptr) return;
    renew();
    home_->reset(static_cast<SharedLine*>(self.release()));
  }
  Ledger& ledger_;
  std::unique_ptr<SharedLine>* home_;
};

}  // namespace sz
