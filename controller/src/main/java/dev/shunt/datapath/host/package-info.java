/** Facts about this host that the data path needs: cgroup v2, network namespaces, conntrack. */
@NullMarked
package dev.shunt.datapath.host;

import org.jspecify.annotations.NullMarked;
