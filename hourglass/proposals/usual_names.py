"""Names that events usually have, by the stage of the hourglass that they stand for.

A phrase is matched whatever the order, the case and the endings of its words; `*` allows one
word more. Of several lists of a stage only the first that finds anything counts: one purchase is
often told by an order, a checkout and a payment, and must not become three.
"""

from collections.abc import Mapping

USUAL: Mapping[str, tuple[str, ...]] = {
    "know": (
        """
        page view, pageview, view, screen view, screen, visit*, first visit, site visit,
        session start, visit start, landing, landing page*, landing page view, home, homepage,
        home page*, home view, home page view, impression*, ad impression*, ad view*, ad click*,
        ad see, campaign view, campaign click, banner view*, banner click*, promo, promo page*,
        promo view, promotion view*, promotion click*, promotion select*, blog view*, blog read,
        blog post view, blog post read, article view*, article read, post view*, first open,
        first contact*, first touch, app install*, application install*, install, email open*,
        attend
        """,
    ),
    "like": (
        """
        follow, follow page, follow account, follow profile, like, page like, post like,
        newsletter*, newsletter signup, newsletter sign up, newsletter subscribe, subscribe,
        email signup, email sign up, email subscribe, email click*, email clickthrough*, signup,
        signup complete,
        sign up, sign up complete, register, registration, registration complete, account create*,
        account register, subscriber, lead, lead create*, lead generate, lead submit,
        waitlist*, waitlist join,
        download, content download*, file download*, ebook download*, whitepaper download*,
        guide download*, favorite*, favourite*, wishlist*, wish list*, wishlist add*,
        wish list add*, bookmark*, catalog*, catalogue*, catalog view*, category, category page*,
        category view*, collection view*, product list*, product list view, item list view,
        item select, content select, search, search submit, search perform, search result view,
        product search, second visit, return visit, revisit, comment, post comment, comment add,
        video watch*, video view*, video play*
        """,
    ),
    "trust": (
        """
        review, review read*, review view*, review page*, review page view, case study*,
        case study view*, case study read, testimonial*, testimonial view*, testimonial watch*,
        testimonial video watch, pricing, pricing view*, pricing page*, pricing page view, webinar*,
        webinar attend*, webinar register*, product view*, product page*, product page view,
        product detail*, product detail view*, item view, item detail view, content view,
        detail view, compare, product compare*, comparison*, comparison view,
        marketing qualified lead*, marketingqualifiedlead, mql
        """,
    ),
    "try": (
        """
        trial, trial start*, free trial*, free trial start*, trial begin, trial activate,
        trial create, trial sign up, trial signup, demo, demo request*, demo book*, demo schedule*,
        demo start, demo attend, demo complete, sample, sample order*, sample request*,
        free sample*, free chapter*, consultation, consultation book*, consultation request*,
        consultation schedule*, test drive*, free lesson*, trial lesson*,
        sales qualified lead*, salesqualifiedlead, opportunity, opportunity create*
        """,
        """
        cart add*, addtocart, basket add*, bag add*, product add, product add cart, item add,
        cart, cart view*, basket, basket view*, checkout, checkout start*, checkout begin*,
        checkout initiate*, checkout view, checkout page*, checkout step view,
        checkout step complete, payment info enter*, payment info add, payment info submit,
        shipping info add, shipping detail*, payment detail*
        """,
    ),
    "buy": (
        """
        purchase, purchase complete*, purchase make, purchase success, product purchase*,
        item purchase*, ecommerce purchase, app purchase, first purchase, buy, order complete*,
        order pay*, order success, sale, sale complete, deal win, win, close win, contract sign*,
        transaction, transaction complete*, transaction success*, upgrade submit, trial convert*,
        conversion, customer
        """,
        """
        order, order place*, order create*, order confirm*, order submit*, order receive,
        first order, booking complete*, booking confirm*, booking create
        """,
        "checkout complete*, checkout session complete, checkout success*, checkout finish",
        """
        subscription start*, subscription create*, subscription activate*, subscription begin,
        subscription purchase, subscription pay, app store subscription convert
        """,
        """
        payment, payment succeed*, payment success*, payment complete*, payment receive*,
        payment make, payment intent succeed
        """,
        "invoice pay, invoice payment succeed",
        "charge succeed, charge success",
    ),
    "repeat": (
        """
        renewal, renewal complete*, renew, subscription renew*, subscription renewal*, plan renew*,
        membership renew*, contract renew*, app store subscription renew, order repeat*,
        purchase repeat*, order again, reorder*, second order, second purchase, next order,
        repurchase, upgrade, upgrade complete, plan upgrade*, subscription upgrade*,
        account upgrade*
        """,
    ),
    "refer": (
        """
        referral, referral send*, referral create, referral make, referral submit,
        referral complete, referral share, referral link share, referral code share,
        referral code use*, refer, friend refer*, friend invite*, invite, invite send*,
        invitation, invitation send*, share, share link, product share*, cart share,
        content share*, article share*, post share*, social share*, recommend, friend recommend,
        review write*, review submit*, review post*, review create*, review leave, product review,
        testimonial submit*, testimonial give
        """,
    ),
}

NEVER = """
    fail error bug cancel cancell refund decline reject remove abandon delete expire end
    unsubscribe unfollow unlike dislike logout downgrade void dispute chargeback reverse invalid
    miss block lose churn pending leave
    """
"""Words that say the opposite, wherever they stand (but for a phrase that has the word itself)."""

FILLERS = "a an and by event for from in my of on our the to user customer with your"
"""Words that say nothing about the stage."""

IRREGULAR: Mapping[str, str] = {
    "began": "begin",
    "begun": "begin",
    "bought": "buy",
    "given": "give",
    "left": "leave",
    "lost": "lose",
    "made": "make",
    "paid": "pay",
    "seen": "see",
    "sent": "send",
    "used": "use",
    "won": "win",
    "written": "write",
    "wrote": "write",
}
