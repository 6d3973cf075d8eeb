"""The loop planner: the best times and people for the interviews of a loop, with a proof that none are better.

Pure: values in, values out; no row, no request, no clock. From the question to the answer::

    reading      JSON of the exchange format into a Case; case.py has the words
    desk         a case's calendars in memory (calendars, community, rooms); plans loops beside what is booked
    setting_up   a loop into a Problem: who can take which assignment at which start, and what that costs
    search       branch and bound: the best plan and its proof
      relaxation   the bound: each interview at its cheapest people, the times by dynamic programming
                   (timetable, itinerary, day_rules, orders)
      seating      different people at given times: a matching, and competencies that are dealt (matching, dealing)
      prices       Lagrangean prices that lift the bound; branching: the parts where they do not suffice
    explaining   where there is no plan: the smallest sets of rules to relax (knobs), and lacking: what cannot be had
    batch        many loops together: inserted one by one, then a few taken out and planned anew
    writing      the answer in the exchange format; costs: its points by part; explained: the ways out in words
    answering    from the text of a case to the text of its answer
"""
