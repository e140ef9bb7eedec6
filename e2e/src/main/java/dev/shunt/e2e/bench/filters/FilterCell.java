package dev.shunt.e2e.bench.filters;

import dev.shunt.datapath.programs.FilterDatapath.Hook;

/**
 * One shape of rules on one hook.
 *
 * @param hook {@link Hook#XDP} or {@link Hook#INGRESS}
 * @param cidrs of all rules together
 * @param rules on the point; 0 with 0 CIDRs: no rule set, the parser alone
 */
record FilterCell(Hook hook, int cidrs, int rules) {
  String hookText() {
    return hook == Hook.XDP ? "xdp" : "tc";
  }
}
