#include "expr/code_generator.h"

namespace sz::expr {

// Code for conditions, alternatives and try.

void CodeGenerator::logical(const Expr& e) {
  const bool is_and = e.type == E::and_;
  const auto truth = [this](bool b) { emit(Op::constant, constant(Value::boolean(b))); };
  operand(*e.kids[0]);
  const std::uint32_t no = emit(Op::branch);
  std::uint32_t done;
  const auto second = [&] {
    operand(*e.kids[1]);
    const std::uint32_t no2 = emit(Op::branch);
    truth(true);
    const std::uint32_t jump = emit(Op::jump);
    land(no2);
    truth(false);
    land(jump);
  };
  if (is_and) {
    second();
    done = emit(Op::jump);
    land(no);
    truth(false);
  } else {
    truth(true);
    done = emit(Op::jump);
    land(no);
    second();
  }
  land(done);
}

void CodeGenerator::alternative(const Expr& e, Mode mode) {
  const std::uint32_t found = new_variable();
  emit(Op::clear, 0, found);
  const std::uint32_t fork = emit(Op::fork);
  generate(*e.kids[0], mode.inner());
  emit(Op::alternative, 0, found);
  const std::uint32_t jump = emit(Op::jump);
  land(fork);
  emit(Op::otherwise, 0, found);
  generate(*e.kids[1], mode);
  land(jump);
}

void CodeGenerator::condition(const Expr& e, Mode mode) {
  operand(*e.kids[0]);
  const std::uint32_t no = emit(Op::branch);
  generate(*e.kids[1], mode);
  const std::uint32_t jump = emit(Op::jump);
  land(no);
  if (e.kids[2]) generate(*e.kids[2], mode);
  land(jump);
}

void CodeGenerator::attempt(const Expr& e, Mode mode) {
  const std::uint32_t begin = emit(Op::try_begin);
  generate(*e.kids[0], mode.inner());
  const std::uint32_t end = emit(Op::try_end);
  const std::uint32_t jump = emit(Op::jump);
  land(begin);
  code_->instructions[end].a = here();
  if (e.kids.size() > 1) {
    generate(*e.kids[1], mode);
  } else {
    emit(Op::backtrack);
  }
  land(jump);
}

}  // namespace sz::expr
