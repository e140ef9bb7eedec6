/** Tests of the chain cells. */
@NullMarked
package dev.shunt.e2e.bench.chain;

import org.jspecify.annotations.NullMarked;
