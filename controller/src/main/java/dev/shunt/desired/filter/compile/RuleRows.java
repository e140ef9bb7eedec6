package dev.shunt.desired.filter.compile;

import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.RateLimit;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes the rules themselves: {@code struct filter_rule}. */
final class RuleRows {
  private static final int ROW_BYTES = 32;
  private static final int PER_PAGE = FilterPages.PAGE_BYTES / ROW_BYTES;
  private static final int MONITOR = 1;
  private static final int PER_SOURCE = 2;
  private static final int BYTES = 4;

  /** 1/64 ns: what the programs count time in. */
  private static final double TICKS_PER_SECOND = 64e9;

  /** Bits of a packet's length, which the cost of a byte is multiplied with. */
  private static final int LENGTH_BITS = 20;

  private RuleRows() {}

  /** Returns the first page; the others follow. */
  static int write(FilterPages pages, List<PointRule> rules, Slots slots) {
    int first = pages.count();
    pages.add();
    for (int i = 0; i < rules.size(); i++) {
      if (first + i / PER_PAGE == pages.count()) {
        pages.add();
      }
      ByteBuffer page = pages.page(first + i / PER_PAGE);
      write(page, i % PER_PAGE * ROW_BYTES, rules.get(i), slots.of(rules.get(i)));
    }
    return first;
  }

  private static void write(ByteBuffer page, int at, PointRule rule, int slot) {
    FilterAction action = rule.rule().action();
    int flags = rule.mode() == FilterMode.MONITOR ? MONITOR : 0;
    page.putInt(at, number(action.kind()));
    page.putInt(at + 8, slot);
    if (action.limit().isPresent()) {
      RateLimit limit = action.limit().get();
      boolean bytes = limit.unit() == RateLimit.Unit.BYTES;
      flags |= bytes ? BYTES : 0;
      flags |= limit.scope() == RateLimit.Scope.SOURCE ? PER_SOURCE : 0;
      double ticks = TICKS_PER_SECOND / limit.perSecond();
      int shift = shift(ticks, bytes ? LENGTH_BITS : 0);
      page.putInt(at + 12, shift);
      page.putLong(at + 16, Math.round(Math.scalb(ticks, shift)));
      page.putLong(at + 24, Math.round(ticks * limit.burst()));
    }
    page.putInt(at + 4, flags);
  }

  /** {@code enum filter_action}. */
  private static int number(FilterAction.Kind kind) {
    return switch (kind) {
      case ALLOW -> 0;
      case DENY -> 1;
      case RATE_LIMIT -> 2;
    };
  }

  /** The most binary places that leave room for the factor: a fast limit costs parts of a tick. */
  private static int shift(double ticks, int factorBits) {
    int shift = 0;
    while (shift < 30 && Math.scalb(ticks, shift + 1 + factorBits) < Long.MAX_VALUE / 2.0) {
      shift++;
    }
    return shift;
  }
}
