@NullMarked
package dev.shunt.reconcile.filter;

import org.jspecify.annotations.NullMarked;
