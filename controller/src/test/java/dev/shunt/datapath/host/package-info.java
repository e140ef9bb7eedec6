/** Tests of the host's namespaces. */
@NullMarked
package dev.shunt.datapath.host;

import org.jspecify.annotations.NullMarked;
