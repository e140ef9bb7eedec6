package dev.shunt.desired.filter.compile;

import dev.shunt.desired.filter.Cidr;
import java.util.ArrayList;
import java.util.List;

/** The addresses that two lists of CIDRs have in common; an empty list is no condition. */
final class Intersection {
  private Intersection() {}

  static List<Cidr> of(List<Cidr> some, List<Cidr> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return some.isEmpty() ? others : some;
    }
    List<Cidr> common = new ArrayList<>();
    for (Cidr a : some) {
      for (Cidr b : others) {
        if (a.contains(b)) {
          common.add(b);
        } else if (b.contains(a)) {
          common.add(a);
        }
      }
    }
    return common;
  }
}
