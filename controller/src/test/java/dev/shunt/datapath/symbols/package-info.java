/** Which code programs run. */
@NullMarked
package dev.shunt.datapath.symbols;

import org.jspecify.annotations.NullMarked;
